import type { GraphStepWire, PipelineRunDetailWire, StepRunWire } from '#pipelines/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { CommandLine } from '../ui/command-line.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { formatCount, shortId } from '../ui/format.ts';
import { type KeyValue, KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { LogView } from '../ui/log-view.tsx';
import { Section } from '../ui/page-header.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Bytes, Digest, Duration, RelativeTime } from '../ui/values.tsx';
import { explainCommand, logCommand } from './commands.ts';
import { FailureBox } from './failure-box.tsx';
import { valueText } from './parameter-values.ts';
import styles from './pipelines.module.css';
import { explanationQuery } from './pipelines-api.ts';
import { StepState } from './states.tsx';
import { useStepLog } from './step-log.ts';

interface StepDetailsProps {
  readonly run: PipelineRunDetailWire;
  readonly definition: GraphStepWire;
  readonly step: StepRunWire;
}

/** Everything about one step of a run. */
export function StepDetails({ run, definition, step }: StepDetailsProps) {
  return (
    <>
      {(step.failure !== undefined || step.warnings.length > 0) && (
        <div className={styles['stepFailures']}>
          {step.failure !== undefined && <FailureBox failure={step.failure} />}
          {step.warnings.map((warning) => (
            <FailureBox key={warning.code} failure={warning} warning />
          ))}
        </div>
      )}
      {step.progress !== undefined && step.state === 'running' && (
        <ProgressBar label={step.progress.label ?? 'Progress'} done={step.progress.done} total={step.progress.total} />
      )}
      <Section title="Step run">
        <KeyValues items={factsOf(run, definition, step)} />
      </Section>
      <Why run={run} step={step} />
      <Section title="Log">
        <Log key={`${run.id} ${step.step}`} run={run} step={step} />
      </Section>
      <Section title="Command">
        <pre className={styles['command']}>{definition.command}</pre>
      </Section>
      <Inputs run={run} definition={definition} />
      <Outputs run={run} step={step} />
      {Object.keys(step.parameters).length > 0 && (
        <Section title="Parameters">
          <KeyValues items={Object.entries(step.parameters).map(([key, value]) => ({ key, value: <code>{valueText(value)}</code> }))} />
        </Section>
      )}
    </>
  );
}

function factsOf(run: PipelineRunDetailWire, definition: GraphStepWire, step: StepRunWire): KeyValue[] {
  const took = step.startedAt === undefined || step.finishedAt === undefined ? undefined : step.finishedAt - step.startedAt;
  const facts: (KeyValue | undefined)[] = [
    { key: 'State', value: <StepState state={step.state} /> },
    step.startedAt === undefined ? undefined : { key: 'Started', value: <RelativeTime time={step.startedAt} /> },
    step.startedAt === undefined
      ? undefined
      : { key: 'Duration', value: <Duration ms={took} {...(step.state === 'running' ? { since: step.startedAt } : {})} /> },
    { key: 'Attempts', value: `${step.attempts} of at most ${definition.retries + 1}` },
    step.cpuMs === undefined ? undefined : { key: 'CPU time', value: <Duration ms={step.cpuMs} /> },
    step.peakMemoryBytes === undefined ? undefined : { key: 'Peak memory', value: <Bytes bytes={step.peakMemoryBytes} /> },
    { key: 'Timeout', value: <Duration ms={definition.timeoutMs} /> },
    step.cacheKey === undefined ? undefined : { key: 'Cache key', value: <Digest digest={step.cacheKey} /> },
    step.cachedFrom === undefined
      ? undefined
      : {
          key: 'Reused from',
          value: (
            <Link
              to="/$project/pipelines/$pipelineRun"
              params={{ project: run.project, pipelineRun: step.cachedFrom }}
              search={{ step: step.step }}
            >
              run {shortId(step.cachedFrom)}
            </Link>
          ),
        },
    run.run !== undefined && definition.tracked
      ? {
          key: 'Tracked run',
          value: (
            <Link to="/$project/runs/$run" params={{ project: run.project, run: run.run }}>
              {shortId(run.run)}
            </Link>
          ),
        }
      : undefined,
  ];
  return facts.filter((fact) => fact !== undefined);
}

const decisions = {
  ran: 'It ran',
  reused: 'It was reused',
  waiting: 'It waits',
  'not-run': 'It did not run',
} as const;

function Why({ run, step }: { readonly run: PipelineRunDetailWire; readonly step: StepRunWire }) {
  const query = useQuery({ ...explanationQuery(run.project, run.id), staleTime: 2_000 });
  const why = query.data?.items.find((item) => item.step === step.step);
  return (
    <Section title="Why">
      <div className={styles['why']}>
        {query.isError && <ErrorState error={query.error} title="The explanation could not be read" />}
        {why !== undefined && (
          <>
            <p>
              {decisions[why.decision]}
              {why.comparedWith !== undefined && (
                <>
                  , compared with{' '}
                  <Link
                    to="/$project/pipelines/$pipelineRun"
                    params={{ project: run.project, pipelineRun: why.comparedWith }}
                    search={{ step: step.step }}
                  >
                    run {shortId(why.comparedWith)}
                  </Link>
                </>
              )}
              :
            </p>
            <ul className={styles['reasons']}>
              {why.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </>
        )}
        <CommandLine command={explainCommand(run.project, run.id)} />
      </div>
    </Section>
  );
}

function Log({ run, step }: { readonly run: PipelineRunDetailWire; readonly step: StepRunWire }) {
  const log = useStepLog(run.project, run.id, step.step);
  if (step.state === 'cached') return <p className={styles['note']}>Nothing was printed: the result of an earlier run was reused.</p>;
  if (step.state === 'skipped') return <p className={styles['note']}>The step did not run.</p>;
  return (
    <div className={styles['log']}>
      {log.error !== undefined && <ErrorState error={log.error} title="The log could not be read" />}
      {log.dropped > 0 && <p className={styles['note']}>The first {formatCount(log.dropped)} lines are not shown; the command has them.</p>}
      <LogView label={`Log of ${step.step}`} lines={log.lines} live={log.live} />
      <CommandLine command={logCommand(run.project, run.id, step.step)} />
    </div>
  );
}

function Inputs({ run, definition }: { readonly run: PipelineRunDetailWire; readonly definition: GraphStepWire }) {
  const inputs = Object.entries(definition.inputs);
  if (inputs.length === 0) return null;
  return (
    <Section title="Inputs">
      <KeyValues items={inputs.map(([key, reference]) => ({ key, value: <Input run={run} reference={reference} /> }))} />
    </Section>
  );
}

function Input({ run, reference }: { readonly run: PipelineRunDetailWire; readonly reference: string }) {
  const pin = run.inputs[reference];
  if (pin !== undefined)
    return (
      <>
        <Link to="/$project/data/$dataset" params={{ project: run.project, dataset: pin.dataset }} search={{ snapshot: pin.snapshot }}>
          {pin.dataset} @ {pin.snapshot}
        </Link>{' '}
        <span className={styles['note']}>{formatCount(pin.rows)} rows</span> <Digest digest={pin.digest} />
      </>
    );
  const [step = '', output = ''] = reference.split('/', 2);
  const made = run.steps.find((candidate) => candidate.step === step)?.outputs[output];
  return (
    <>
      <Link to="/$project/pipelines/$pipelineRun" params={{ project: run.project, pipelineRun: run.id }} search={{ step }}>
        {reference}
      </Link>{' '}
      {made !== undefined && <Digest digest={made.digest} />}
    </>
  );
}

function Outputs({ run, step }: { readonly run: PipelineRunDetailWire; readonly step: StepRunWire }) {
  const outputs = Object.entries(step.outputs);
  if (outputs.length === 0 && step.published.length === 0) return null;
  return (
    <Section title="Outputs">
      <KeyValues
        items={[
          ...outputs.map(([key, output]) => ({
            key,
            value: (
              <>
                <Bytes bytes={output.size} />{' '}
                {output.files !== undefined && <span className={styles['note']}>{formatCount(output.files)} files</span>}{' '}
                <Digest digest={output.digest} />
              </>
            ),
          })),
          ...step.published.map((snapshot) => ({
            key: 'published as',
            value: (
              <>
                <Link
                  to="/$project/data/$dataset"
                  params={{ project: run.project, dataset: snapshot.dataset }}
                  search={{ snapshot: snapshot.snapshot }}
                >
                  {snapshot.dataset} @ {snapshot.snapshot}
                </Link>{' '}
                <span className={styles['note']}>{formatCount(snapshot.rows)} rows</span>
              </>
            ),
          })),
        ]}
      />
    </Section>
  );
}
