import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { shortId } from '../ui/format.ts';
import { Badge } from '../ui/badge.tsx';
import { type KeyValue, KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { Section } from '../ui/page-header.tsx';
import { Bytes, Digest, Duration, Missing, RelativeTime } from '../ui/values.tsx';
import { runVersionsQuery } from './runs-api.ts';

/** Where a run came from and what came of it. */
export function RunFacts({ run }: { readonly run: RunWire }) {
  return (
    <>
      <Section title="Run">
        <KeyValues items={lifeOf(run)} />
      </Section>
      <Section title="Code and surroundings">
        <KeyValues items={originOf(run)} />
      </Section>
      <Section title="Inputs">
        <RunInputs run={run} />
      </Section>
      <Section title="Model versions">
        <RunVersions run={run} />
      </Section>
    </>
  );
}

function lifeOf(run: RunWire): KeyValue[] {
  const { project } = run;
  const duration = run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt;
  return [
    {
      key: 'Experiment',
      value: (
        <Link to="/$project/runs" params={{ project }} search={{ experiment: run.experiment }}>
          {run.experiment}
        </Link>
      ),
    },
    { key: 'Started', value: <RelativeTime time={run.startedAt} /> },
    { key: 'Duration', value: <Duration ms={duration} since={run.startedAt} /> },
    { key: 'Started by', value: run.startedBy.name },
    ...(run.pipelineRun === undefined
      ? []
      : [
          {
            key: 'Pipeline run',
            value: (
              <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: run.pipelineRun }}>
                {shortId(run.pipelineRun)}
              </Link>
            ),
          },
        ]),
    ...(run.parentRun === undefined
      ? []
      : [
          {
            key: 'Parent run',
            value: (
              <Link to="/$project/runs/$run" params={{ project, run: run.parentRun }}>
                {shortId(run.parentRun)}
              </Link>
            ),
          },
        ]),
    { key: 'Id', value: <Digest digest={run.id} /> },
  ];
}

function originOf(run: RunWire): KeyValue[] {
  // What MLflow's clients tell of it.
  const source = run.tags['mlflow.source.name'];
  const commit = run.commit ?? run.tags['mlflow.source.git.commit'];
  return [
    ...(source === undefined ? [] : [{ key: 'Source', value: <code>{source}</code> }]),
    {
      key: 'Commit',
      value:
        commit === undefined ? (
          <Missing why="not recorded, or under no version control" />
        ) : (
          <>
            <Digest digest={commit} /> {run.dirty === true && <Badge tone="warning">with uncommitted changes</Badge>}
          </>
        ),
    },
    { key: 'Code', value: run.codeDigest === undefined ? <Missing why="not recorded" /> : <Digest digest={run.codeDigest} /> },
    {
      key: 'Environment',
      value: run.environmentDigest === undefined ? <Missing why="not recorded" /> : <Digest digest={run.environmentDigest} />,
    },
    { key: 'Compute', value: run.computeTarget },
    { key: 'CPU time', value: run.cpuMs === undefined ? <Missing why="not measured" /> : <Duration ms={run.cpuMs} /> },
    {
      key: 'Peak memory',
      value: run.peakMemoryBytes === undefined ? <Missing why="not measured" /> : <Bytes bytes={Math.round(run.peakMemoryBytes)} />,
    },
  ];
}

function RunInputs({ run }: { readonly run: RunWire }) {
  if (run.inputs.length === 0) return <p>The run named no dataset that it read.</p>;
  return (
    <KeyValues
      items={run.inputs.map((input, index) => ({
        key: input.context === undefined || input.context === '' ? `Input ${index + 1}` : input.context,
        value: (
          <>
            {input.snapshot === undefined ? (
              // A dataset that only its client knows has no page here.
              input.dataset
            ) : (
              <Link to="/$project/data/$dataset" params={{ project: run.project, dataset: input.dataset }}>
                {input.dataset} @ {input.snapshot}
              </Link>
            )}{' '}
            <Digest digest={input.digest} />
          </>
        ),
      }))}
    />
  );
}

function RunVersions({ run }: { readonly run: RunWire }) {
  const versions = useQuery(runVersionsQuery(run.project, run.id));
  const items = versions.data?.items ?? [];
  if (versions.isPending) return null;
  if (items.length === 0) return <p>No model version was registered from this run.</p>;
  return (
    <KeyValues
      items={items.map(({ model, version, aliases }) => ({
        key: model,
        value: (
          <>
            <Link to="/$project/models/$model/$version" params={{ project: run.project, model, version: String(version) }}>
              Version {version}
            </Link>{' '}
            {aliases.map((alias) => (
              <Badge key={alias}>{alias}</Badge>
            ))}
          </>
        ),
      }))}
    />
  );
}
