import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ModelVersionWire } from '#registry/wire.ts';
import { useMemo } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Bytes, Missing, RelativeTime } from '../ui/values.tsx';
import { Comparison } from './comparison.tsx';
import { DeleteButton } from './delete-button.tsx';
import { MainMetric } from './main-metric.tsx';
import { type ModelAddress, modelQuery, versionsQuery } from './model-queries.ts';
import { VersionMarks } from './version-marks.tsx';

const route = getRouteApi('/$project/models/$model');

/** One model: its versions, and two of them compared. */
export function ModelPage() {
  const of = route.useParams();
  const model = useQuery(modelQuery(of));
  return (
    <>
      <PageHeader
        title={of.model}
        path={
          <Link to="/$project/models" params={{ project: of.project }}>
            Models
          </Link>
        }
        marks={
          model.data !== undefined &&
          Object.entries(model.data.aliases).map(([alias, version]) => (
            <Badge key={alias} tone={alias === 'production' ? 'accent' : 'neutral'}>
              {alias}: {version}
            </Badge>
          ))
        }
        description={model.data?.description === '' ? undefined : model.data?.description}
        actions={model.data !== undefined && <DeleteButton of={of} />}
      />
      <QueryView query={model} failure={`The model ${of.model} could not be read`}>
        {() => <Versions of={of} />}
      </QueryView>
    </>
  );
}

function Versions({ of }: { readonly of: ModelAddress }) {
  const { before, after } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useQuery(versionsQuery(of));
  const columns = useMemo(() => columnsOf(of), [of]);
  const picked = new Set([before, after].flatMap((one) => (one === undefined ? [] : [String(one)])));
  function pick(next: ReadonlySet<string>): void {
    // The two that were picked last, the older one first.
    const [first, second] = [...next]
      .slice(-2)
      .map(Number)
      .toSorted((a, b) => a - b);
    void navigate({ search: { before: first, after: second }, replace: true, resetScroll: false });
  }
  return (
    <>
      <QueryView query={versions} failure="The versions could not be read">
        {({ items }) => (
          <Section title="Versions">
            <Table
              label="Versions"
              columns={columns}
              rows={items}
              rowKey={({ version }) => String(version)}
              onOpen={({ version }) =>
                void navigate({ to: '/$project/models/$model/$version', params: { ...of, version: String(version) } })
              }
              picked={picked}
              onPick={pick}
              initialSort={{ column: 'version', descending: true }}
              maxHeight={420}
              tools={
                items.length > 1 && (
                  <>
                    <span>{picked.size < 2 ? 'Pick two versions to compare them' : `Comparing ${before ?? ''} with ${after ?? ''}`}</span>
                    {picked.size > 0 && (
                      <Button look="plain" onClick={() => pick(new Set())}>
                        Clear
                      </Button>
                    )}
                    {picked.size === 0 && (
                      <Button onClick={() => pick(new Set(items.slice(0, 2).map(({ version }) => String(version))))}>
                        Compare the newest two
                      </Button>
                    )}
                  </>
                )
              }
              empty={
                <EmptyState title="No version yet" command={`ripen pipeline run train --project ${of.project}`}>
                  A pipeline registers a version when its steps have succeeded.
                </EmptyState>
              }
            />
          </Section>
        )}
      </QueryView>
      {before !== undefined && after !== undefined && <Comparison of={of} before={before} after={after} />}
    </>
  );
}

function columnsOf(of: ModelAddress): readonly Column<ModelVersionWire>[] {
  const { project } = of;
  return [
    {
      id: 'version',
      header: 'Version',
      value: ({ version }) => version,
      cell: ({ version }) => (
        <Link to="/$project/models/$model/$version" params={{ ...of, version: String(version) }}>
          {version}
        </Link>
      ),
      numeric: true,
      width: 96,
    },
    {
      id: 'aliases',
      header: 'Stands as',
      value: ({ aliases, state }) => [...aliases, state].join(' '),
      cell: (version) => <VersionMarks version={version} />,
      grow: true,
      width: 150,
    },
    {
      id: 'quality',
      header: 'Quality',
      value: () => undefined,
      cell: ({ version }) => <MainMetric of={{ ...of, version: String(version) }} />,
      sortable: false,
      width: 140,
    },
    {
      id: 'data',
      header: 'Trained on',
      value: ({ snapshots }) => snapshots.map(({ dataset, snapshot }) => `${dataset} @${snapshot}`).join(', '),
      grow: true,
      width: 180,
    },
    {
      id: 'run',
      header: 'Run',
      value: ({ run }) => run,
      cell: ({ run }) =>
        run === undefined ? (
          <Missing why="registered without a run" />
        ) : (
          <Link to="/$project/runs/$run" params={{ project, run }}>
            …{run.slice(-8)}
          </Link>
        ),
      width: 104,
    },
    {
      id: 'size',
      header: 'Size',
      value: ({ files }) => files.reduce((sum, { size }) => sum + size, 0),
      cell: ({ files }) => <Bytes bytes={files.reduce((sum, { size }) => sum + size, 0)} />,
      numeric: true,
      width: 88,
    },
    {
      id: 'card',
      header: 'Card',
      value: ({ card }) => card.filledFields,
      cell: ({ card }) => `${card.filledFields} of ${card.requiredFields}`,
      numeric: true,
      width: 76,
    },
    { id: 'trainer', header: 'Trained by', value: ({ trainer }) => trainer.name, width: 104, hidden: true },
    {
      id: 'registered',
      header: 'Registered',
      value: ({ registeredAt }) => registeredAt,
      cell: ({ registeredAt }) => <RelativeTime time={registeredAt} />,
      numeric: true,
      width: 104,
    },
  ];
}
