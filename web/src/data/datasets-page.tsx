import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { DatasetWire } from '#data/wire.ts';
import { useMemo, useState } from 'react';
import { Sparkline } from '../charts/sparkline.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { SearchField } from '../ui/text-field.tsx';
import { Bytes, Figure, Missing, RelativeTime } from '../ui/values.tsx';
import { ContractMark } from './contract-mark.tsx';
import { datasetsQuery, snapshotsQuery } from './data-queries.ts';

const route = getRouteApi('/$project/data');
const trendLength = 30;

/** All datasets of a project: how large, how fresh, whether they keep their contract, and whose they are. */
export function DatasetsPage() {
  const { project } = route.useParams();
  const datasets = useQuery(datasetsQuery(project));
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(project), [project]);
  const [find, setFind] = useState('');
  return (
    <>
      <PageHeader title="Data" />
      <QueryView query={datasets} failure="The datasets could not be read">
        {({ items }) => (
          <Table
            label="Datasets"
            columns={columns}
            rows={items.filter((dataset) => textOf(dataset).includes(find.toLowerCase()))}
            rowKey={(dataset) => dataset.name}
            onOpen={({ name }) => void navigate({ to: '/$project/data/$dataset', params: { project, dataset: name } })}
            initialSort={{ column: 'name', descending: false }}
            tools={items.length > 0 ? <SearchField label="Filter datasets" value={find} onChange={setFind} /> : false}
            empty={
              items.length > 0 ? (
                <p>No dataset matches “{find}”.</p>
              ) : (
                <EmptyState title="No dataset yet" command={`ripen data load flights month.parquet --project ${project}`}>
                  A dataset grows by snapshots that never change. Load a CSV or Parquet file, or run a pipeline that publishes its output.
                </EmptyState>
              )
            }
          />
        )}
      </QueryView>
    </>
  );
}

function textOf({ name, description, owner, classification }: DatasetWire): string {
  return [name, description, owner, classification].join(' ').toLowerCase();
}

function columnsOf(project: string): readonly Column<DatasetWire>[] {
  return [
    {
      id: 'name',
      header: 'Dataset',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link to="/$project/data/$dataset" params={{ project, dataset: name }}>
          {name}
        </Link>
      ),
      width: 160,
      grow: true,
    },
    {
      id: 'rows',
      header: 'Rows',
      value: ({ newest }) => newest?.rows,
      cell: ({ newest }) => (newest === undefined ? <Missing why="nothing was loaded" /> : <Figure value={newest.rows} kind="count" />),
      numeric: true,
      width: 96,
    },
    {
      id: 'trend',
      header: 'Trend',
      value: () => undefined,
      cell: ({ name }) => <RowsTrend project={project} dataset={name} />,
      sortable: false,
      width: 92,
    },
    { id: 'snapshots', header: 'Snapshots', value: ({ newest }) => newest?.number, numeric: true, width: 96 },
    {
      id: 'size',
      header: 'Size',
      value: ({ newest }) => newest?.bytes,
      cell: ({ newest }) => (newest === undefined ? <Missing why="nothing was loaded" /> : <Bytes bytes={newest.bytes} />),
      numeric: true,
      width: 88,
    },
    {
      id: 'loaded',
      header: 'Last load',
      value: ({ newest }) => newest?.publishedAt,
      cell: ({ newest }) => (newest === undefined ? <Missing why="nothing was loaded" /> : <RelativeTime time={newest.publishedAt} />),
      numeric: true,
      width: 104,
    },
    {
      id: 'contract',
      header: 'Contract',
      value: ({ newest }) => newest?.contract?.passed,
      cell: ({ newest }) => (newest === undefined ? '' : <ContractMark contract={newest.contract} />),
      width: 108,
    },
    {
      id: 'quarantined',
      header: 'Refused loads',
      value: ({ quarantined }) => quarantined,
      cell: ({ name, quarantined }) =>
        quarantined === 0 ? (
          '0'
        ) : (
          <Link to="/$project/data/$dataset" params={{ project, dataset: name }} search={{ tab: 'quarantine' }}>
            <StateMark state="warning" word={String(quarantined)} />
          </Link>
        ),
      numeric: true,
      width: 112,
    },
    { id: 'owner', header: 'Owner', value: ({ owner }) => owner, width: 128 },
    { id: 'classification', header: 'Classification', value: ({ classification }) => classification, width: 118 },
    { id: 'description', header: 'Description', value: ({ description }) => description, width: 240, hidden: true },
  ];
}

function RowsTrend({ project, dataset }: { readonly project: string; readonly dataset: string }) {
  const { data } = useQuery(snapshotsQuery({ project, dataset }, trendLength));
  if (data === undefined) return null;
  if (data.items.length < 2) return <Missing why="A trend needs two snapshots" />;
  return <Sparkline label={`Rows of ${dataset} by snapshot`} values={data.items.toReversed().map(({ rows }) => rows)} />;
}
