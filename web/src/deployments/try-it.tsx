import type { PlaceWire, RevisionWire } from '#serving/wire.ts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { pathOf, post } from '../api/client.ts';
import { windowQuery, windowsQuery } from '../monitoring/monitoring-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { formatNumber } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { TextField } from '../ui/text-field.tsx';
import { isText, readTensor, requestOf, rowElements } from './curl.ts';
import styles from './deployments.module.css';
import { exampleValues } from './example-values.ts';
import { servingRevision } from './place-state.ts';

type Signature = RevisionWire['signature'];

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
  const examples = useExamples(project, deployment, signature);
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
          <div className={styles['buttons']}>
            <Button look="primary" type="submit" busy={predict.isPending}>
              Predict
            </Button>
            <Button disabled={examples === undefined} onClick={() => setTyped(examples ?? {})}>
              Fill in an example
            </Button>
          </div>
        </form>
        {predict.isError && <ErrorState error={predict.error} title="The gateway refused" />}
        {predict.data !== undefined && <Answer answer={predict.data} />}
      </Panel>
    </Section>
  );
}

/** Usual values of the inputs in the newest window; undefined while they are read. */
function useExamples(project: string, deployment: string, signature: Signature | undefined) {
  const windows = useQuery(windowsQuery(project, deployment));
  const newest = windows.data?.items.at(-1)?.start;
  const columns = useQuery({ ...windowQuery(project, deployment, String(newest)), enabled: newest !== undefined });
  const pending = windows.isPending || (newest !== undefined && columns.isPending);
  return useMemo(
    () => (pending || signature === undefined ? undefined : exampleValues(signature.inputs, columns.data?.columns ?? [])),
    [pending, signature, columns.data],
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
