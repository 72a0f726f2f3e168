import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SnapshotWire } from '#data/wire.ts';
import type { WireLineage } from '#registry/wire.ts';
import { useMemo } from 'react';
import { Graph } from '../charts/graph.tsx';
import { pathOf } from '../api/client.ts';
import { apiQuery } from '../api/queries.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Digest, Missing } from '../ui/values.tsx';
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

function Drawn({ project, lineage }: { readonly project: string; readonly lineage: WireLineage }) {
  const navigate = useNavigate();
  const snapshots = useQueries({
    queries: lineage.version.snapshots.map(({ dataset, snapshot }) => ({
      ...apiQuery<SnapshotWire>('data', pathOf`/projects/${project}/datasets/${dataset}/snapshots/${snapshot}`),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const graph = useMemo(() => lineageGraph(project, lineage, snapshots), [project, lineage, snapshots]);
  const { version, run } = lineage;
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
      <KeyValues
        items={[
          {
            key: 'Code',
            value: version.codeDigest === undefined ? <Missing why="not recorded" /> : <Digest digest={version.codeDigest} />,
          },
          {
            key: 'Commit',
            value:
              version.commit === undefined ? (
                <Missing why="the code was in no commit" />
              ) : (
                <span>
                  <code>{version.commit.slice(0, 12)}</code>
                  {run?.dirty === true && ' with changes that were not committed'}
                </span>
              ),
          },
          {
            key: 'Environment',
            value: version.environmentDigest === undefined ? <Missing why="not recorded" /> : <Digest digest={version.environmentDigest} />,
          },
          ...(run === undefined ? [] : [{ key: 'Computed on', value: run.computeTarget }]),
        ]}
      />
    </div>
  );
}
