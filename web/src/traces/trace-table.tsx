import type { TraceWire } from '#tracking/traces/wire.ts';
import { Link } from '../ui/link.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Duration, Missing, RelativeTime } from '../ui/values.tsx';
import { previewText } from './preview-text.ts';
import { stateWord, TraceState } from './trace-state.tsx';
import styles from './traces.module.css';

/** By column, what the server orders by. */
export const orderKeys: Readonly<Record<string, string>> = {
  name: 'name',
  state: 'state',
  duration: 'duration',
  tokens: 'tokens',
  cost: 'cost',
  requested: 'timestamp',
  spans: 'spans',
};

export function traceColumns(project: string): readonly Column<TraceWire>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: ({ id, name }) => (
        <Link to="/$project/traces/$trace" params={{ project, trace: id }}>
          {name ?? id}
        </Link>
      ),
      width: 170,
    },
    { id: 'state', header: 'State', value: ({ state }) => stateWord(state), cell: (trace) => <TraceState trace={trace} />, width: 112 },
    {
      id: 'request',
      header: 'Request',
      value: ({ requestPreview }) => previewText(requestPreview),
      cell: ({ requestPreview }) => <Preview text={previewText(requestPreview)} why="no request told" />,
      sortable: false,
      grow: true,
      width: 220,
    },
    {
      id: 'response',
      header: 'Response',
      value: ({ responsePreview }) => previewText(responsePreview),
      cell: ({ responsePreview }) => <Preview text={previewText(responsePreview)} why="no response told" />,
      sortable: false,
      grow: true,
      width: 220,
    },
    {
      id: 'duration',
      header: 'Duration',
      value: ({ duration }) => duration,
      cell: ({ duration }) => <Duration ms={duration} />,
      numeric: true,
      width: 92,
    },
    { id: 'tokens', header: 'Tokens', value: ({ tokens }) => tokens?.total, numeric: true, width: 84 },
    { id: 'cost', header: 'Cost', unit: '$', value: ({ cost }) => cost?.total, numeric: true, width: 90, hidden: true },
    { id: 'spans', header: 'Spans', value: ({ spans }) => spans, numeric: true, width: 72 },
    {
      id: 'assessments',
      header: 'Assessments',
      value: ({ assessments }) => assessments.filter(({ valid }) => valid).length || undefined,
      numeric: true,
      sortable: false,
      width: 108,
    },
    { id: 'experiment', header: 'Experiment', value: ({ experiment }) => experiment, sortable: false, width: 130, hidden: true },
    { id: 'session', header: 'Session', value: ({ session }) => session, sortable: false, width: 120, hidden: true },
    { id: 'user', header: 'User', value: ({ user }) => user, sortable: false, width: 100, hidden: true },
    {
      id: 'requested',
      header: 'Requested',
      value: ({ requestedAt }) => requestedAt,
      cell: ({ requestedAt }) => <RelativeTime time={requestedAt} />,
      numeric: true,
      width: 118,
    },
  ];
}

function Preview({ text, why }: { readonly text: string | undefined; readonly why: string }) {
  return text === undefined ? <Missing why={why} /> : <span className={styles['preview']}>{text}</span>;
}
