import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ModelWire } from '#registry/wire.ts';
import { useMemo } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Missing, RelativeTime } from '../ui/values.tsx';
import { MainMetric } from './main-metric.tsx';
import { modelsQuery } from './model-queries.ts';
import styles from './models.module.css';
import { RecycleBin } from './recycle-bin.tsx';

const route = getRouteApi('/$project/models');

/** All models of a project: which version is where, and how good it is. */
export function ModelsPage() {
  const { project } = route.useParams();
  const models = useQuery(modelsQuery(project));
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(project), [project]);
  return (
    <>
      <PageHeader
        title="Models"
        actions={
          <Link to="/$project/webhooks" params={{ project }}>
            Webhooks
          </Link>
        }
      />
      <QueryView query={models} failure="The models could not be read">
        {({ items }) => (
          <Table
            label="Models"
            columns={columns}
            rows={items}
            rowKey={({ name }) => name}
            onOpen={({ name }) => void navigate({ to: '/$project/models/$model', params: { project, model: name } })}
            initialSort={{ column: 'name', descending: false }}
            empty={
              <EmptyState title="No model yet" command={`ripen pipeline run train --project ${project}`}>
                A pipeline that says what it registers makes a model and its versions. Each keeps its signature, run, data snapshots, code
                and environment.
              </EmptyState>
            }
          />
        )}
      </QueryView>
      <div className={styles['apart']}>
        <RecycleBin project={project} />
      </div>
    </>
  );
}

function columnsOf(project: string): readonly Column<ModelWire>[] {
  return [
    {
      id: 'name',
      header: 'Model',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <Link to="/$project/models/$model" params={{ project, model: name }}>
          {name}
        </Link>
      ),
      grow: true,
      width: 160,
    },
    { id: 'versions', header: 'Versions', value: ({ latestVersion }) => latestVersion, numeric: true, width: 88 },
    versionColumn(project, {
      id: 'latest',
      header: 'Latest',
      version: ({ latestVersion }) => (latestVersion === 0 ? undefined : latestVersion),
    }),
    versionColumn(project, { id: 'production', header: 'Production', version: ({ aliases }) => aliases['production'] }),
    versionColumn(project, { id: 'staging', header: 'Staging', version: ({ aliases }) => aliases['staging'] }),
    {
      id: 'quality',
      header: 'Quality',
      value: () => undefined,
      cell: ({ name, aliases, latestVersion }) => (
        <MainMetric of={{ project, model: name, version: String(aliases['production'] ?? latestVersion) }} />
      ),
      sortable: false,
      width: 150,
    },
    { id: 'description', header: 'Description', value: ({ description }) => description, grow: true, width: 200 },
    {
      id: 'updated',
      header: 'Changed',
      value: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => <RelativeTime time={updatedAt} />,
      numeric: true,
      width: 104,
    },
  ];
}

interface VersionColumn {
  readonly id: string;
  readonly header: string;
  readonly version: (model: ModelWire) => number | undefined;
}

function versionColumn(project: string, { id, header, version }: VersionColumn): Column<ModelWire> {
  return {
    id,
    header,
    value: version,
    cell: (model) => {
      const number = version(model);
      if (number === undefined) return <Missing why="no version" />;
      return (
        <Link to="/$project/models/$model/$version" params={{ project, model: model.name, version: String(number) }}>
          {number}
        </Link>
      );
    },
    numeric: true,
    width: 96,
  };
}
