import type { WindowWire } from '#monitoring/wire.ts';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Badge } from '../ui/badge.tsx';
import { formatShare } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { type State, StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Missing } from '../ui/values.tsx';
import styles from './monitoring.module.css';
import { windowName } from './window-time.ts';

interface WindowTableProps {
  readonly project: string;
  readonly deployment: string;
  readonly windows: readonly WindowWire[];
}

export function WindowTable({ project, deployment, windows }: WindowTableProps) {
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(project, deployment), [project, deployment]);
  const rows = useMemo(() => windows.toReversed(), [windows]);
  return (
    <Table
      label="Windows"
      columns={columns}
      rows={rows}
      rowKey={(window) => String(window.start)}
      onOpen={(window) =>
        void navigate({
          to: '/$project/monitoring/$deployment/$window',
          params: { project, deployment, window: String(window.start) },
        })
      }
      maxHeight={480}
    />
  );
}

const shapes: Readonly<Record<WindowWire['state'], State>> = { open: 'running', closed: 'waiting', complete: 'ok' };
const stateTips: Readonly<Record<WindowWire['state'], string>> = { open: 'open', closed: 'waits for labels', complete: 'complete' };

export function WindowState({ window }: { readonly window: Pick<WindowWire, 'state'> }) {
  return <StateMark state={shapes[window.state]} word={stateTips[window.state]} />;
}

/** The features of a window whose drift passed its threshold. */
export function Drifted({ window }: { readonly window: WindowWire }) {
  return (
    <span className={styles['badges']}>
      {window.drifted.map(({ feature }) => (
        <Badge key={feature} tone="warning">
          {feature}
        </Badge>
      ))}
    </span>
  );
}

function columnsOf(project: string, deployment: string): readonly Column<WindowWire>[] {
  const metric = (id: string, header: string, options: Partial<Column<WindowWire>> = {}): Column<WindowWire> => ({
    id,
    header,
    value: (window) => window.metrics[id],
    numeric: true,
    digits: 3,
    width: 92,
    ...options,
  });
  return [
    {
      id: 'window',
      header: 'Window',
      value: (window) => window.start,
      cell: (window) => (
        <Link to="/$project/monitoring/$deployment/$window" params={{ project, deployment, window: String(window.start) }}>
          {windowName(window.start, window.end)}
        </Link>
      ),
      width: 148,
    },
    { id: 'state', header: 'State', value: (window) => window.state, cell: (window) => <WindowState window={window} />, width: 140 },
    { id: 'version', header: 'Version', value: (window) => window.version, width: 76 },
    { id: 'predictions', header: 'Predictions', value: (window) => window.predictions, numeric: true, width: 100 },
    {
      id: 'coverage',
      header: 'Labelled',
      value: (window) => (window.predictions === 0 ? undefined : window.labelled / window.predictions),
      cell: (window) =>
        window.predictions === 0 ? <Missing why="no predictions" /> : formatShare(window.labelled / window.predictions, 0),
      numeric: true,
      width: 84,
    },
    metric('auc', 'AUC'),
    metric('calibration_error', 'Calibration error', { width: 124 }),
    metric('observed_to_predicted', 'Observed/predicted', { width: 140 }),
    metric('error_rate', 'Errors', { digits: 4, width: 84 }),
    metric('latency_p99_ms', 'p99', { unit: 'ms', digits: 1, width: 80 }),
    {
      id: 'drifted',
      header: 'Drifted',
      value: (window) => window.drifted.length,
      cell: (window) => <Drifted window={window} />,
      grow: true,
      width: 120,
    },
  ];
}
