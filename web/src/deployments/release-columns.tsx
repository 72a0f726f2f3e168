import type { ReleaseWire } from '#delivery/wire.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { ReleaseState } from './release-state.tsx';

export function releaseColumns(project: string): readonly Column<ReleaseWire>[] {
  return [
    {
      id: 'number',
      header: 'Release',
      value: (release) => release.number,
      cell: (release) => (
        <Link to="/$project/releases/$release" params={{ project, release: release.id }}>
          {release.number}
        </Link>
      ),
      width: 84,
    },
    {
      id: 'state',
      header: 'State',
      value: (release) => release.state,
      cell: (release) => <ReleaseState state={release.state} />,
      width: 160,
    },
    {
      id: 'version',
      header: 'Model version',
      value: (release) => `${release.model} ${release.version}`,
      cell: (release) => (
        <Link to="/$project/models/$model/$version" params={{ project, model: release.model, version: String(release.version) }}>
          {release.model} {release.version}
        </Link>
      ),
      width: 150,
    },
    {
      id: 'deployment',
      header: 'Deployment',
      value: (release) => release.deployment,
      cell: (release) => (
        <Link to="/$project/deployments/$deployment" params={{ project, deployment: release.deployment }}>
          {release.deployment}
        </Link>
      ),
      width: 130,
    },
    {
      id: 'reason',
      header: 'Reason',
      value: (release) => release.reason,
      cell: (release) => (
        <>
          {release.deliberate && <Badge tone="outline">rehearsal</Badge>} {release.reason}
        </>
      ),
      sortable: false,
      grow: true,
      width: 200,
    },
    { id: 'author', header: 'By', value: (release) => release.author.name, width: 100 },
    {
      id: 'duration',
      header: 'Took',
      value: (release) => (release.finishedAt === undefined ? undefined : release.finishedAt - release.createdAt),
      cell: (release) => (
        <Duration ms={release.finishedAt === undefined ? undefined : release.finishedAt - release.createdAt} since={release.createdAt} />
      ),
      numeric: true,
      width: 96,
    },
    {
      id: 'created',
      header: 'Created',
      value: (release) => release.createdAt,
      cell: (release) => <RelativeTime time={release.createdAt} />,
      numeric: true,
      width: 108,
    },
  ];
}
