import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProfileWire, SnapshotWire } from '#data/wire.ts';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Toolbar } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Select } from '../ui/select.tsx';
import { SearchField } from '../ui/text-field.tsx';
import { ColumnProfile } from './column-profile.tsx';
import { type ProfileScope, profileQuery, type SnapshotAddress } from './data-queries.ts';
import styles from './data.module.css';

const route = getRouteApi('/$project/data/$dataset');
const columnsAtOnce = 24;

/** Every column of a snapshot: its figures and its distribution, before those of an earlier snapshot. */
export function Profile({ at, snapshots }: { readonly at: SnapshotAddress; readonly snapshots: readonly SnapshotWire[] }) {
  const { reference: asked, column } = route.useSearch();
  const navigate = route.useNavigate();
  const [scope, setScope] = useState<ProfileScope>('load');
  const others = snapshots.filter(({ number }) => number !== at.snapshot);
  const earlier = others.find(({ number }) => number < at.snapshot)?.number;
  const reference = others.some(({ number }) => number === asked) ? asked : asked === undefined ? earlier : undefined;
  const profile = useQuery(profileQuery(at, scope));
  const before = useQuery({ ...profileQuery({ ...at, snapshot: reference ?? 0 }, scope), enabled: reference !== undefined });
  return (
    <>
      <Toolbar label="Profile">
        <SearchField
          label="Filter columns"
          value={column ?? ''}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, column: next === '' ? undefined : next }), replace: true, resetScroll: false })
          }
        />
        <Select
          label="Compare with"
          labelHidden
          choices={[
            { value: '', label: others.length === 0 ? 'Nothing to compare with' : 'No comparison' },
            ...others.map(({ number }) => ({ value: String(number), label: `Compared with snapshot ${number}` })),
          ]}
          value={reference === undefined ? '' : String(reference)}
          disabled={others.length === 0}
          // 0 is no snapshot: it says that the reader wants no comparison.
          onChange={(next) => void navigate({ search: (old) => ({ ...old, reference: Number(next) }), replace: true, resetScroll: false })}
        />
        <Select
          label="Rows"
          labelHidden
          choices={[
            { value: 'load', label: 'Rows of the load' },
            { value: 'all', label: 'All rows' },
          ]}
          value={scope}
          onChange={setScope}
        />
      </Toolbar>
      <QueryView query={profile} failure="The profile could not be read">
        {(data) => (
          <Columns
            profile={data}
            reference={reference === undefined ? undefined : before.data}
            name={`Snapshot ${reference ?? ''}`}
            find={column}
          />
        )}
      </QueryView>
    </>
  );
}

interface ColumnsProps {
  readonly profile: ProfileWire;
  readonly reference: ProfileWire | undefined;
  readonly name: string;
  readonly find: string | undefined;
}

function Columns({ profile, reference, name, find }: ColumnsProps) {
  const [limit, setLimit] = useState(columnsAtOnce);
  const found = profile.columns.filter((column) => column.name.toLowerCase().includes((find ?? '').toLowerCase()));
  const before = new Map(reference?.columns.map((column) => [column.name, column]));
  if (found.length === 0)
    return <p>{profile.columns.length === 0 ? 'This snapshot has no columns.' : `No column matches “${find ?? ''}”.`}</p>;
  return (
    <>
      <div className={styles['columns']}>
        {found.slice(0, limit).map((column) => (
          <ColumnProfile key={column.name} column={column} rows={profile.rows} reference={before.get(column.name)} referenceName={name} />
        ))}
      </div>
      {found.length > limit && (
        <Button onClick={() => setLimit(limit + columnsAtOnce * 4)}>Show {found.length - limit} more columns</Button>
      )}
    </>
  );
}
