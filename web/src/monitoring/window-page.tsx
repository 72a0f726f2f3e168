import type { WindowDetailWire } from '#monitoring/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { CalibrationChart } from '../charts/calibration-chart.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PageHeader, Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { ColumnPanel } from './column-panel.tsx';
import { windowCommand } from './commands.ts';
import styles from './monitoring.module.css';
import { windowQuery, windowsQuery } from './monitoring-api.ts';
import { WindowState } from './window-table.tsx';
import { windowName } from './window-time.ts';

const route = getRouteApi('/$project/monitoring/$deployment/$window');

export function WindowPage() {
  const { project, deployment, window: start } = route.useParams();
  const query = useQuery(windowQuery(project, deployment, start));
  const window = query.data;
  return (
    <>
      <PageHeader
        title={window === undefined ? 'Window' : windowName(window.start, window.end)}
        path={
          <>
            <Link to="/$project/monitoring" params={{ project }}>
              Monitoring
            </Link>{' '}
            /{' '}
            <Link to="/$project/monitoring/$deployment" params={{ project, deployment }}>
              {deployment}
            </Link>
          </>
        }
        marks={window !== undefined && <WindowState window={window} />}
        description={window === undefined ? undefined : describe(window)}
        actions={
          <>
            <Neighbours project={project} deployment={deployment} start={Number(start)} />
            <CommandLine command={windowCommand(project, deployment, Number(start))} />
          </>
        }
      />
      <QueryView query={query} failure="The window could not be read" lines={12}>
        {(read) => <Findings window={read} />}
      </QueryView>
    </>
  );
}

function describe(window: WindowDetailWire): string {
  const versions = window.versions.map(({ version, predictions }) => `version ${version} made ${formatCount(predictions)}`).join(', ');
  const labelled = window.predictions === 0 ? '' : `, ${formatShare(window.labelled / window.predictions, 0)} of them labelled`;
  return `${formatCount(window.predictions)} predictions${labelled}${versions === '' ? '' : `; ${versions}`}`;
}

function Neighbours({ project, deployment, start }: { readonly project: string; readonly deployment: string; readonly start: number }) {
  const windows = useQuery(windowsQuery(project, deployment)).data?.items ?? [];
  const index = windows.findIndex((window) => window.start === start);
  const before = index > 0 ? windows[index - 1] : undefined;
  const after = index === -1 ? undefined : windows[index + 1];
  return (
    <nav className={styles['buttons']} aria-label="Windows before and after">
      {before !== undefined && (
        <Link to="/$project/monitoring/$deployment/$window" params={{ project, deployment, window: String(before.start) }}>
          ← {windowName(before.start, before.end)}
        </Link>
      )}
      {after !== undefined && (
        <Link to="/$project/monitoring/$deployment/$window" params={{ project, deployment, window: String(after.start) }}>
          {windowName(after.start, after.end)} →
        </Link>
      )}
    </nav>
  );
}

function Findings({ window }: { readonly window: WindowDetailWire }) {
  const columns = useMemo(() => window.columns.toSorted((a, b) => chosenDrift(b) - chosenDrift(a)), [window.columns]);
  return (
    <>
      {window.notes.length > 0 && (
        <ul className={styles['notes']}>
          {window.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {window.sampledOneOf > 1 && <p className={styles['note']}>Metrics of the score come from one of {window.sampledOneOf} rows.</p>}
      <Section title="Inputs" note="the furthest from the reference first">
        {columns.length === 0 ? (
          <p className={styles['note']}>No input was counted in this window.</p>
        ) : (
          <div className={styles['charts']}>
            {columns.map((column) => (
              <ColumnPanel key={column.name} column={column} />
            ))}
          </div>
        )}
      </Section>
      <Section title="Score and calibration">
        <div className={styles['charts']}>
          {window.score !== undefined && <ColumnPanel column={window.score} />}
          <Panel>
            <CalibrationChart title="Calibration" bins={window.calibration} />
          </Panel>
        </div>
      </Section>
      <Section title="Metrics">
        <Values window={window} />
      </Section>
    </>
  );
}

function chosenDrift({ drift }: WindowDetailWire['columns'][number]): number {
  const chosen = drift.find((reading) => reading.chosen);
  return (chosen?.value ?? 0) / (chosen?.threshold ?? 1);
}

interface Value {
  readonly name: string;
  readonly value: number;
  readonly reference: number | undefined;
}

const valueColumns: readonly Column<Value>[] = [
  { id: 'name', header: 'Metric', value: (row) => row.name, grow: true, width: 180 },
  { id: 'value', header: 'Window', value: (row) => row.value, numeric: true, width: 120 },
  { id: 'reference', header: 'Reference', value: (row) => row.reference, numeric: true, width: 120 },
  {
    id: 'difference',
    header: 'Difference',
    value: (row) => (row.reference === undefined ? undefined : row.value - row.reference),
    cell: (row) => (row.reference === undefined ? '–' : formatNumber(row.value - row.reference, 3)),
    numeric: true,
    width: 120,
  },
];

function Values({ window }: { readonly window: WindowDetailWire }) {
  const rows = useMemo(
    () => Object.entries(window.metrics).map(([name, value]) => ({ name, value, reference: window.reference[name] })),
    [window],
  );
  return <Table label="Metrics" columns={valueColumns} rows={rows} rowKey={(row) => row.name} tools={false} maxHeight={480} />;
}
