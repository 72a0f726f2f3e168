import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { DatasetWire, SnapshotWire } from '#data/wire.ts';
import { lazy, Suspense } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type Tab, Tabs } from '../ui/tabs.tsx';
import { Catalogue } from './catalogue.tsx';
import { ContractMark } from './contract-mark.tsx';
import { datasetQuery, snapshotsQuery } from './data-queries.ts';
import { type DatasetSearch, type DatasetTab, datasetTabs } from './dataset-search.ts';
import styles from './data.module.css';
import { Profile } from './profile.tsx';
import { Quarantine } from './quarantine.tsx';
import { Rows } from './rows.tsx';
import { Rules } from './rules.tsx';
import { Schema } from './schema.tsx';
import { Snapshots } from './snapshots.tsx';

// The layout of graphs is large, and most visits do not need it.
const Lineage = lazy(() => import('./lineage.tsx').then((module) => ({ default: module.Lineage })));

const route = getRouteApi('/$project/data/$dataset');

/** One dataset: its snapshots, and everything known about the chosen one. */
export function DatasetPage() {
  const { project, dataset } = route.useParams();
  const of = { project, dataset };
  const summary = useQuery(datasetQuery(of));
  const snapshots = useQuery(snapshotsQuery(of));
  return (
    <>
      <PageHeader
        title={dataset}
        path={
          <Link to="/$project/data" params={{ project }}>
            Data
          </Link>
        }
        marks={summary.data?.newest !== undefined && <ContractMark contract={summary.data.newest.contract} alone />}
        description={summary.data === undefined ? undefined : describe(summary.data)}
      />
      <QueryView query={summary} failure={`The dataset ${dataset} could not be read`}>
        {(known) => (
          <QueryView query={snapshots} failure="The snapshots could not be read">
            {({ items }) => <Whole dataset={known} snapshots={items} />}
          </QueryView>
        )}
      </QueryView>
    </>
  );
}

function describe({ description, newest, owner }: DatasetWire): string {
  const size =
    newest === undefined
      ? 'nothing loaded yet'
      : `${formatCount(newest.rows)} rows, ${newest.columns} columns, ${formatBytes(newest.bytes)}`;
  const words = [size, owner === undefined ? 'no owner' : `owned by ${owner}`].join(', ');
  return description === undefined || description === ''
    ? `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`
    : `${description} (${words})`;
}

function Whole({ dataset, snapshots }: { readonly dataset: DatasetWire; readonly snapshots: readonly SnapshotWire[] }) {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: DatasetSearch) => void navigate({ search: (old) => ({ ...old, ...part }), resetScroll: false });
  const chosen = search.snapshot === undefined ? snapshots[0] : snapshots.find(({ number }) => number === search.snapshot);
  const tab =
    search.tab ?? (chosen === undefined && dataset.quarantined > 0 ? 'quarantine' : chosen === undefined ? 'catalogue' : 'profile');
  const tabs = tabsOf({ project, dataset, snapshots, chosen });
  return (
    <div className={styles['page']}>
      {snapshots.length === 0 ? (
        <EmptyState title="No snapshot yet" command={`ripen data load ${dataset.name} FILE --project ${project}`}>
          {dataset.quarantined > 0
            ? 'Every load so far was refused; the quarantine below says why. Correct the file and load it again.'
            : 'Load a CSV or Parquet file, or run a pipeline that publishes its output here.'}
        </EmptyState>
      ) : (
        <Snapshots
          project={project}
          snapshots={snapshots}
          chosen={chosen?.number}
          onChoose={(snapshot) => change({ snapshot: snapshot === snapshots[0]?.number ? undefined : snapshot, offset: undefined })}
        />
      )}
      <Section
        title={chosen === undefined ? 'Dataset' : `Snapshot ${chosen.number}`}
        note={chosen === undefined ? undefined : `${formatCount(chosen.rows)} rows, ${formatCount(chosen.addedRows)} of them in this load`}
      >
        {search.snapshot !== undefined && chosen === undefined && <p>There is no snapshot {search.snapshot}. Choose one above.</p>}
        <Tabs
          label="Views of the dataset"
          tabs={tabs}
          value={tabs.some(({ id }) => id === tab) ? tab : (tabs[0]?.id ?? 'catalogue')}
          onChange={(id) => change({ tab: datasetTabs.find((one) => one === id), load: undefined })}
        />
      </Section>
    </div>
  );
}

interface TabsInput {
  readonly project: string;
  readonly dataset: DatasetWire;
  readonly snapshots: readonly SnapshotWire[];
  readonly chosen: SnapshotWire | undefined;
}

function tabsOf({ project, dataset, snapshots, chosen }: TabsInput): readonly (Tab & { readonly id: DatasetTab })[] {
  const of = { project, dataset: dataset.name };
  const whole = [
    { id: 'quarantine' as const, label: 'Quarantine', count: dataset.quarantined, content: <Quarantine of={of} /> },
    { id: 'catalogue' as const, label: 'Catalogue', content: <Catalogue key={dataset.updatedAt} project={project} dataset={dataset} /> },
  ];
  if (chosen === undefined) return whole;
  const at = { ...of, snapshot: chosen.number };
  return [
    { id: 'profile', label: 'Profile', content: <Profile at={at} snapshots={snapshots} /> },
    { id: 'rows', label: 'Rows', content: <Rows at={at} /> },
    { id: 'schema', label: 'Schema', count: chosen.schema.length, content: <Schema at={at} snapshot={chosen} snapshots={snapshots} /> },
    {
      id: 'contract',
      label: 'Contract',
      count: chosen.contract?.rules.length ?? 0,
      content: <Rules contract={chosen.contract} dataset={dataset.name} />,
    },
    {
      id: 'lineage',
      label: 'Lineage',
      content: (
        <Suspense fallback={<Skeleton />}>
          <Lineage at={at} snapshot={chosen} />
        </Suspense>
      ),
    },
    ...whole,
  ];
}
