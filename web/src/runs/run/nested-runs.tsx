import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from '../../ui/button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import type { Column } from '../../ui/table-columns.ts';
import { Table } from '../../ui/table.tsx';
import { Link } from '../../ui/link.tsx';
import { Duration, RelativeTime } from '../../ui/values.tsx';
import { numberOf } from '../metric-value.ts';
import { RunState } from '../run-state.tsx';
import { nestedRunsQuery } from '../runs-api.ts';
import styles from '../runs.module.css';

const mostColumns = 6;

/** The runs that were started within this one: folds, trials, stages. */
export function NestedRuns({ run }: { readonly run: RunWire }) {
  const { project, id } = run;
  const navigate = useNavigate();
  const nested = useQuery(nestedRunsQuery(project, id));
  return (
    <QueryView query={nested} failure="The nested runs could not be read" lines={4}>
      {({ items }) =>
        items.length === 0 ? (
          <p className={styles['note']}>No run was started within this one.</p>
        ) : (
          <Children
            runs={items}
            onOpen={(child) => void navigate({ to: '/$project/runs/$run', params: { project, run: child } })}
            onCompare={(ids) =>
              void navigate({ to: '/$project/runs/compare', params: { project }, search: { ids: ids.slice(0, 100).join(',') } })
            }
          />
        )
      }
    </QueryView>
  );
}

interface ChildrenProps {
  readonly runs: readonly RunWire[];
  readonly onOpen: (run: string) => void;
  readonly onCompare: (runs: readonly string[]) => void;
}

function Children({ runs, onOpen, onCompare }: ChildrenProps) {
  const columns = useMemo(() => columnsOf(runs), [runs]);
  return (
    <Table
      label="Nested runs"
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      onOpen={(run) => onOpen(run.id)}
      maxHeight={560}
      tools={
        <>
          <Button disabled={runs.length < 2} onClick={() => onCompare(runs.map(({ id }) => id))}>
            Compare {Math.min(100, runs.length)}
          </Button>
        </>
      }
    />
  );
}

function columnsOf(runs: readonly RunWire[]): readonly Column<RunWire>[] {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter((name) => !name.startsWith('system/'));
  const differing = [...new Set(runs.flatMap((run) => Object.keys(run.parameters)))].filter(
    (name) => new Set(runs.map((run) => run.parameters[name])).size > 1,
  );
  return [
    {
      id: 'name',
      header: 'Run',
      value: (run) => run.name,
      cell: (run) => (
        <Link to="/$project/runs/$run" params={{ project: run.project, run: run.id }}>
          {run.name}
        </Link>
      ),
      width: 160,
      grow: true,
    },
    { id: 'state', header: 'State', value: (run) => run.state, cell: (run) => <RunState run={run} />, width: 104 },
    {
      id: 'startedAt',
      header: 'Started',
      value: (run) => run.startedAt,
      cell: (run) => <RelativeTime time={run.startedAt} />,
      numeric: true,
      width: 110,
    },
    {
      id: 'duration',
      header: 'Duration',
      value: (run) => (run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt),
      cell: (run) => <Duration ms={run.finishedAt === undefined ? undefined : run.finishedAt - run.startedAt} since={run.startedAt} />,
      numeric: true,
      width: 110,
    },
    ...metrics.slice(0, mostColumns).map((name): Column<RunWire> => ({
      id: `m ${name}`,
      header: name,
      value: (run) => numberOf(run.metrics[name]),
      numeric: true,
      width: 110,
    })),
    ...differing
      .slice(0, mostColumns)
      .map((name): Column<RunWire> => ({ id: `p ${name}`, header: name, value: (run) => run.parameters[name], width: 110 })),
  ];
}
