import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { LineageWire, SnapshotWire } from '#data/wire.ts';
import { useMemo } from 'react';
import { Graph, type GraphItem } from '../charts/graph.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { lineageQuery, type SnapshotAddress } from './data-queries.ts';
import styles from './data.module.css';

type Reader = LineageWire['readers'][number];
const readersDrawn = 12;

/** What produced a snapshot and what read it. */
export function Lineage({ at, snapshot }: { readonly at: SnapshotAddress; readonly snapshot: SnapshotWire }) {
  const lineage = useQuery(lineageQuery(at));
  return (
    <QueryView query={lineage} failure="The lineage could not be read">
      {(data) => <Drawn at={at} snapshot={snapshot} lineage={data} />}
    </QueryView>
  );
}

interface DrawnProps {
  readonly at: SnapshotAddress;
  readonly snapshot: SnapshotWire;
  readonly lineage: LineageWire;
}

function Drawn({ at, snapshot, lineage }: DrawnProps) {
  const navigate = useNavigate();
  const { nodes, edges, addresses } = useMemo(() => graphOf(at, snapshot, lineage), [at, snapshot, lineage]);
  const columns = useMemo(() => columnsOf(at.project), [at.project]);
  return (
    <div className={styles['page']}>
      <Panel>
        <Graph
          title="Produced by and used by"
          nodes={nodes}
          edges={edges}
          onSelect={(id) => {
            const to = addresses.get(id);
            if (to !== undefined) void navigate({ to });
          }}
        />
      </Panel>
      <Table
        label="Runs that read this snapshot"
        columns={columns}
        rows={lineage.readers}
        rowKey={({ run }) => run}
        initialSort={{ column: 'time', descending: true }}
        tools={lineage.readers.length > 0 ? 'Read by' : false}
        empty={<p>No run has read this snapshot yet.</p>}
      />
    </div>
  );
}

function graphOf({ project, dataset }: SnapshotAddress, snapshot: SnapshotWire, lineage: LineageWire) {
  const room = (path: string) => `/${encodeURIComponent(project)}/${path}`;
  const addresses = new Map<string, string>();
  const nodes: GraphItem[] = [];
  const edges: { readonly from: string; readonly to: string }[] = [];
  const add = (item: GraphItem, to?: string) => {
    nodes.push(item);
    if (to !== undefined) addresses.set(item.id, to);
  };
  const self = `${dataset} @${snapshot.number}`;
  add({ id: 'source', label: snapshot.source.name, detail: 'source' });
  add({ id: self, label: self, detail: 'this snapshot', state: 'ok', word: 'published' });
  if (lineage.producer.kind === 'pipeline-run') {
    add(
      { id: 'producer', label: `pipeline run …${lineage.producer.id.slice(-6)}`, detail: 'published' },
      room(`pipelines/${lineage.producer.id}`),
    );
    edges.push({ from: 'source', to: 'producer' }, { from: 'producer', to: self });
  } else {
    edges.push({ from: 'source', to: self });
  }
  if (lineage.parent !== undefined) {
    add(
      { id: 'parent', label: `${dataset} @${lineage.parent}`, detail: 'grown from' },
      room(`data/${encodeURIComponent(dataset)}?snapshot=${lineage.parent}`),
    );
    edges.push({ from: 'parent', to: self });
  }
  for (const reader of lineage.readers.toSorted((a, b) => b.time - a.time).slice(0, readersDrawn)) {
    add({ id: reader.run, label: `run …${reader.run.slice(-6)}`, detail: reader.experiment ?? 'run' }, room(`runs/${reader.run}`));
    edges.push({ from: self, to: reader.run });
  }
  return { nodes, edges, addresses };
}

function columnsOf(project: string): readonly Column<Reader>[] {
  return [
    {
      id: 'run',
      header: 'Run',
      value: ({ run }) => run,
      cell: ({ run }) => (
        <Link to="/$project/runs/$run" params={{ project, run }}>
          {run}
        </Link>
      ),
      grow: true,
      width: 200,
    },
    { id: 'experiment', header: 'Experiment', value: ({ experiment }) => experiment, width: 160 },
    {
      id: 'pipelineRun',
      header: 'Pipeline run',
      value: ({ pipelineRun }) => pipelineRun,
      cell: ({ pipelineRun }) =>
        pipelineRun === undefined ? (
          ''
        ) : (
          <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun }}>
            …{pipelineRun.slice(-8)}
          </Link>
        ),
      width: 128,
    },
    { id: 'time', header: 'Read', value: ({ time }) => time, cell: ({ time }) => <RelativeTime time={time} />, numeric: true, width: 112 },
  ];
}
