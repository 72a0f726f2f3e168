import type { LoggedModelWire } from '#tracking/logged-models/wire.ts';
import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '../../ui/format.ts';
import { type KeyValue, KeyValues } from '../../ui/key-values.tsx';
import { Section } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { type State, StateMark } from '../../ui/state-mark.tsx';
import { Digest, RelativeTime } from '../../ui/values.tsx';
import styles from '../runs.module.css';
import { RunArtifacts } from '../run-artifacts.tsx';
import { loggedModelsQuery } from '../runs-api.ts';

const shapes: Readonly<Record<LoggedModelWire['state'], State>> = { pending: 'running', ready: 'ok', 'upload-failed': 'failed' };

/** The models that the run logged, each with what was measured of it and its files. */
export function LoggedModels({ run }: { readonly run: RunWire }) {
  const models = useQuery(loggedModelsQuery(run.project, run.id));
  return (
    <QueryView query={models} failure="The logged models could not be read" lines={6}>
      {({ items }) => items.map((model) => <LoggedModel key={model.id} model={model} />)}
    </QueryView>
  );
}

function LoggedModel({ model }: { readonly model: LoggedModelWire }) {
  const [open, setOpen] = useState('');
  return (
    <Section title={model.name} note={<StateMark state={shapes[model.state]} word={model.state} />}>
      <div className={styles['modelFacts']}>
        <KeyValues items={factsOf(model)} />
        <KeyValues items={Object.entries(model.parameters).map(([key, value]) => ({ key, value }))} />
      </div>
      <RunArtifacts holder={{ kind: 'logged-model', project: model.project, id: model.id }} open={open} onOpen={setOpen} />
    </Section>
  );
}

function factsOf(model: LoggedModelWire): KeyValue[] {
  return [
    { key: 'Id', value: <Digest digest={model.id} /> },
    ...(model.modelType === undefined || model.modelType === '' ? [] : [{ key: 'Kind', value: model.modelType }]),
    { key: 'Logged', value: <RelativeTime time={model.createdAt} /> },
    ...model.metrics.map(({ name, value, datasetName }) => ({
      key: datasetName === undefined ? name : `${name} on ${datasetName}`,
      value: formatNumber(Number(value), 5),
    })),
  ];
}
