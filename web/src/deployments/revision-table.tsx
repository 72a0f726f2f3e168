import type { DeploymentWire, PlaceWire, RevisionWire } from '#serving/wire.ts';
import { useMemo } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { type State, StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Digest, RelativeTime } from '../ui/values.tsx';

interface Row extends RevisionWire {
  readonly environment: PlaceWire['environment'];
}

const shapes: Readonly<Record<RevisionWire['state'], State>> = {
  created: 'waiting',
  starting: 'running',
  ready: 'ok',
  serving: 'ok',
  draining: 'running',
  retired: 'off',
  failed: 'failed',
};

/** Every revision of a deployment, in both environments. */
export function RevisionTable({ project, deployment }: { readonly project: string; readonly deployment: DeploymentWire }) {
  const rows = useMemo(
    () =>
      deployment.environments
        .flatMap(({ environment, revisions }) => revisions.map((revision) => ({ ...revision, environment })))
        .toSorted((a, b) => b.createdAt - a.createdAt),
    [deployment],
  );
  const columns = useMemo(() => columnsOf(project), [project]);
  return <Table label="Revisions" columns={columns} rows={rows} rowKey={(row) => row.id} maxHeight={400} empty={<p>No revision yet.</p>} />;
}

function columnsOf(project: string): readonly Column<Row>[] {
  return [
    {
      id: 'environment',
      header: 'Environment',
      value: (row) => row.environment,
      cell: (row) => <Badge>{row.environment}</Badge>,
      width: 110,
    },
    { id: 'number', header: 'Revision', value: (row) => row.number, numeric: true, width: 84 },
    {
      id: 'version',
      header: 'Version',
      value: (row) => Number(row.modelVersion),
      cell: (row) => (
        <Link to="/$project/models/$model/$version" params={{ project, model: row.model, version: row.modelVersion }}>
          {row.model} {row.modelVersion}
        </Link>
      ),
      width: 140,
    },
    {
      id: 'state',
      header: 'State',
      value: (row) => row.state,
      cell: (row) => <StateMark state={shapes[row.state]} word={row.state === 'ready' ? 'kept warm' : row.state} />,
      width: 116,
    },
    { id: 'weight', header: 'Weight', unit: '%', value: (row) => row.weight, numeric: true, width: 88 },
    {
      id: 'cause',
      header: 'Cause',
      value: (row) => row.cause,
      cell: (row) =>
        row.release === undefined ? (
          row.cause
        ) : (
          <Link to="/$project/releases/$release" params={{ project, release: row.release }}>
            {row.cause}
          </Link>
        ),
      width: 92,
    },
    { id: 'requests', header: 'Requests', value: (row) => row.traffic.requests, numeric: true, width: 96 },
    { id: 'p99', header: 'p99', unit: 'ms', value: (row) => row.traffic.latencyP99Ms, numeric: true, digits: 1, width: 88 },
    { id: 'digest', header: 'Digest', value: (row) => row.digest, cell: (row) => <Digest digest={row.digest} />, width: 140, hidden: true },
    { id: 'reason', header: 'Reason', value: (row) => row.reason, grow: true, width: 120, sortable: false },
    {
      id: 'created',
      header: 'Created',
      value: (row) => row.createdAt,
      cell: (row) => <RelativeTime time={row.createdAt} />,
      numeric: true,
      width: 108,
    },
  ];
}
