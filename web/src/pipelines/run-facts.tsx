import type { PipelineRunDetailWire } from '#pipelines/wire.ts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { shortId } from '../ui/format.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { Digest, Duration, RelativeTime } from '../ui/values.tsx';
import { durationOf } from './pipeline-run-table.tsx';
import { changedParameters, parametersText } from './parameter-values.ts';
import { pipelinesQuery } from './pipelines-api.ts';
import styles from './pipelines.module.css';
import { RunTrigger } from './trigger.tsx';

/** A run in one line of facts: what started it, from which code, what came of it. */
export function RunFacts({ run }: { readonly run: PipelineRunDetailWire }) {
  const { project } = run;
  const defaults = useQuery(pipelinesQuery(project)).data?.items.find(({ name }) => name === run.pipeline)?.parameters;
  const changed = parametersText(changedParameters(run.parameters, defaults));
  return (
    <dl className={styles['facts']}>
      <Fact name="Started by">
        <RunTrigger project={project} run={run} />
      </Fact>
      <Fact name="Started">
        <RelativeTime time={run.createdAt} />
      </Fact>
      <Fact name="Duration">
        <Duration ms={durationOf(run)} since={run.startedAt} />
      </Fact>
      {run.commit !== undefined && (
        <Fact name="Commit">
          <Digest digest={run.commit} /> {run.dirty === true && <Badge tone="warning">with uncommitted changes</Badge>}
        </Fact>
      )}
      <Fact name="Code">
        <Digest digest={run.codeDigest} />
      </Fact>
      <Fact name="Environment">
        <Digest digest={run.environmentDigest} />
      </Fact>
      {changed !== '' && (
        <Fact name="Parameters other than default">
          <code>{changed}</code>
        </Fact>
      )}
      {run.fresh && <Fact name="Cache">not used</Fact>}
      {run.retryOf !== undefined && (
        <Fact name="Retry of">
          <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: run.retryOf }}>
            run {shortId(run.retryOf)}
          </Link>
        </Fact>
      )}
      {run.run !== undefined && (
        <Fact name="Tracked run">
          <Link to="/$project/runs/$run" params={{ project, run: run.run }}>
            {shortId(run.run)}
          </Link>
        </Fact>
      )}
      {run.registered !== undefined && (
        <Fact name="Registered">
          <Link
            to="/$project/models/$model/$version"
            params={{ project, model: run.registered.model, version: String(run.registered.version) }}
          >
            {run.registered.model} version {run.registered.version}
          </Link>
          {run.registered.reused && ' (was there already)'}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
