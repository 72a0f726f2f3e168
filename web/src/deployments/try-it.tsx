import type { PlaceWire } from '#serving/wire.ts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { pathOf, post } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { formatNumber } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { TextField } from '../ui/text-field.tsx';
import { isText, readTensor, requestOf, rowElements } from './curl.ts';
import styles from './deployments.module.css';
import { servingRevision } from './place-state.ts';

interface InferAnswer {
  readonly model_version?: string;
  readonly id?: string;
  readonly outputs?: readonly { readonly name: string; readonly data: readonly (number | string | boolean)[] }[];
}

interface TryItProps {
  readonly project: string;
  readonly deployment: string;
  readonly place: PlaceWire;
}

/** A prediction by hand, through the gateway like every other. */
export function TryIt({ project, deployment, place }: TryItProps) {
  const signature = servingRevision(place)?.signature;
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [asked, setAsked] = useState(false);
  const predict = useMutation<InferAnswer, Error, unknown>({
    mutationFn: (body) =>
      post<InferAnswer>(`${pathOf`/projects/${project}/deployments/${deployment}/predict`}?environment=${place.environment}`, body),
  });
  if (signature === undefined) return null;
  const read = signature.inputs.map((spec) => ({ spec, result: readTensor(typed[spec.name] ?? '', spec) }));
  function send(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (signature === undefined || read.some(({ result }) => 'problem' in result)) return;
    const data = new Map(read.map(({ spec, result }) => [spec.name, 'data' in result ? result.data : []]));
    predict.mutate(requestOf(signature, ({ name }) => data.get(name) ?? []));
  }
  return (
    <Section title="Try it" note={`one row to ${place.environment}; it is logged as a prediction like every other`}>
      <Panel>
        <form className={styles['try']} onSubmit={send} noValidate>
          <div className={styles['fields']}>
            {read.map(({ spec, result }) => (
              <TextField
                key={spec.name}
                label={spec.name}
                value={typed[spec.name] ?? ''}
                onChange={(value) => setTyped({ ...typed, [spec.name]: value })}
                help={`${isText(spec) ? 'text' : spec.datatype}${rowElements(spec) > 1 ? `, ${rowElements(spec)} values` : ''}`}
                error={asked && 'problem' in result ? result.problem : undefined}
                inputMode={isText(spec) ? 'text' : 'decimal'}
                autoComplete="off"
              />
            ))}
          </div>
          <Button look="primary" type="submit" busy={predict.isPending}>
            Predict
          </Button>
        </form>
        {predict.isError && <ErrorState error={predict.error} title="The gateway refused" />}
        {predict.data !== undefined && <Answer answer={predict.data} />}
      </Panel>
    </Section>
  );
}

function Answer({ answer }: { readonly answer: InferAnswer }) {
  return (
    <div className={styles['answer']} role="status">
      <KeyValues
        items={[
          ...(answer.outputs ?? []).map(({ name, data }) => ({
            key: name,
            value: <strong>{data.map((value) => (typeof value === 'number' ? formatNumber(value) : String(value))).join(', ')}</strong>,
          })),
          ...(answer.model_version === undefined ? [] : [{ key: 'Version', value: answer.model_version }]),
          ...(answer.id === undefined ? [] : [{ key: 'Prediction id', value: <code>{answer.id}</code> }]),
        ]}
      />
      <JsonView label="Answer of the gateway" value={answer} open={0} />
    </div>
  );
}
