import type { PipelineRunDetailWire, StepRunWire } from '#pipelines/wire.ts';
import { useMemo } from 'react';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Bytes, Duration } from '../ui/values.tsx';
import styles from './pipelines.module.css';
import { StepState, stepWord } from './states.tsx';

interface StepTableProps {
  readonly run: PipelineRunDetailWire;
  readonly chosen: string | undefined;
  readonly onChoose: (step: string) => void;
}

/** What each step took and made; a row opens its log and the reasons. */
export function StepTable({ run, chosen, onChoose }: StepTableProps) {
  const columns = useMemo(() => columnsOf(run.project), [run.project]);
  return (
    <Table
      label="Step runs"
      columns={columns}
      rows={run.steps}
      rowKey={(step) => step.step}
      openKey={chosen}
      onOpen={(step) => onChoose(step.step)}
      tools={false}
    />
  );
}

function columnsOf(project: string): readonly Column<StepRunWire>[] {
  return [
    { id: 'step', header: 'Step', value: ({ step }) => step, width: 130 },
    { id: 'state', header: 'State', value: ({ state }) => stepWord(state), cell: ({ state }) => <StepState state={state} />, width: 112 },
    { id: 'duration', header: 'Duration', value: tookMs, cell: durationOf, numeric: true, width: 92 },
    { id: 'attempts', header: 'Attempts', value: ({ attempts }) => attempts, numeric: true, width: 84 },
    { id: 'cpu', header: 'CPU time', value: ({ cpuMs }) => cpuMs, cell: ({ cpuMs }) => <Duration ms={cpuMs} />, numeric: true, width: 92 },
    {
      id: 'memory',
      header: 'Peak memory',
      value: ({ peakMemoryBytes }) => peakMemoryBytes,
      cell: ({ peakMemoryBytes }) => (peakMemoryBytes === undefined ? '–' : <Bytes bytes={peakMemoryBytes} />),
      numeric: true,
      width: 110,
    },
    {
      id: 'outputs',
      header: 'Made',
      value: (step) => madeBy(step),
      cell: (step) => <Made project={project} step={step} />,
      sortable: false,
      grow: true,
      width: 240,
    },
  ];
}

function tookMs({ startedAt, finishedAt }: StepRunWire): number | undefined {
  return startedAt === undefined || finishedAt === undefined ? undefined : finishedAt - startedAt;
}

function durationOf(step: StepRunWire) {
  const since = step.state === 'running' && step.startedAt !== undefined ? { since: step.startedAt } : {};
  return <Duration ms={tookMs(step)} {...since} />;
}

function madeBy({ outputs }: StepRunWire): string {
  return Object.entries(outputs)
    .map(([name, { size }]) => `${name} ${formatBytes(size)}`)
    .join(', ');
}

function Made({ project, step }: { readonly project: string; readonly step: StepRunWire }) {
  const made = madeBy(step);
  return (
    <>
      {step.published.map((snapshot) => (
        <span key={`${snapshot.dataset} ${snapshot.snapshot}`}>
          <Link to="/$project/data/$dataset" params={{ project, dataset: snapshot.dataset }} search={{ snapshot: snapshot.snapshot }}>
            {snapshot.dataset} @ {snapshot.snapshot}
          </Link>{' '}
          <span className={styles['note']}>{formatCount(snapshot.rows)} rows</span>{' '}
        </span>
      ))}
      {step.failure === undefined ? (
        <span className={styles['second']}>{made === '' && step.published.length === 0 ? '–' : made}</span>
      ) : (
        <span className={styles['second']}>{step.failure.message}</span>
      )}
    </>
  );
}
