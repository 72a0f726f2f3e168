import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SnapshotWire } from '#data/wire.ts';
import type { LineageWire } from '#registry/wire.ts';
import { useMemo } from 'react';
import { Graph } from '../charts/graph.tsx';
import { pathOf } from '../api/client.ts';
import { apiQuery } from '../api/queries.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Missing } from '../ui/values.tsx';
import { lineageGraph } from './lineage-graph.ts';
import { lineageQuery, type VersionAddress } from './model-queries.ts';
import styles from './models.module.css';

/** From the source files through data, pipeline and run to the version, and on to releases and deployments. */
export function Lineage({ of }: { readonly of: VersionAddress }) {
  const lineage = useQuery(lineageQuery(of));
  return (
    <QueryView query={lineage} failure="The lineage could not be read">
      {(data) => <Drawn project={of.project} lineage={data} />}
    </QueryView>
  );
}

function Drawn({ project, lineage }: { readonly project: string; readonly lineage: LineageWire }) {
  const navigate = useNavigate();
  const snapshots = useQueries({
    queries: lineage.version.snapshots.map(({ dataset, snapshot }) => ({
      ...apiQuery<SnapshotWire>('data', pathOf`/projects/${project}/datasets/${dataset}/snapshots/${snapshot}`),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const graph = useMemo(() => lineageGraph(project, lineage, snapshots), [project, lineage, snapshots]);
  const { run } = lineage;
  return (
    <div className={styles['page']}>
      <Panel>
        <Graph
          title="Lineage"
          nodes={graph.nodes}
          edges={graph.edges}
          onSelect={(id) => {
            const to = graph.addresses.get(id);
            if (to !== undefined) void navigate({ to });
          }}
        />
      </Panel>
      {run !== undefined && (
        <KeyValues
          items={[
            { key: 'Computed on', value: run.computeTarget },
            {
              key: 'Working copy',
              value:
                run.dirty === undefined ? (
                  <Missing why="not recorded" />
                ) : run.dirty ? (
                  'with changes that were not committed'
                ) : (
                  'as committed'
                ),
            },
          ]}
        />
      )}
    </div>
  );
}
