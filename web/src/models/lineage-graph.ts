import type { SnapshotWire } from '#data/wire.ts';
import type { LineageWire } from '#registry/wire.ts';
import type { GraphEdge } from '../charts/graph-data.ts';
import type { GraphItem } from '../charts/graph.tsx';
import { formatCount } from '../ui/format.ts';

export interface LineageGraph {
  readonly nodes: readonly GraphItem[];
  readonly edges: readonly GraphEdge[];
  /** Address of the page behind each node that has one. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** @param snapshots those of the version that are known by now; they add their sources */
export function lineageGraph(project: string, lineage: LineageWire, snapshots: readonly SnapshotWire[]): LineageGraph {
  const { version, run, datasets, loggedModel, copiedFrom, copies, releases, deployments } = lineage;
  const nodes = new Map<string, GraphItem>();
  const edges: GraphEdge[] = [];
  const addresses = new Map<string, string>();
  const at = (...parts: readonly (string | number)[]) => `/${[project, ...parts].map(encodeURIComponent).join('/')}`;
  const add = (item: GraphItem, to?: string) => {
    nodes.set(item.id, item);
    if (to !== undefined) addresses.set(item.id, to);
    return item.id;
  };
  const self = add(
    { id: 'version', label: `${version.model} ${version.version}`, detail: version.aliases[0] ?? 'version' },
    at('models', version.model, version.version),
  );
  const runNode =
    version.run === undefined
      ? undefined
      : add(
          { id: 'run', label: run?.name ?? `run …${version.run.slice(-8)}`, detail: run === undefined ? 'run' : `run, ${run.state}` },
          at('runs', version.run),
        );
  const pipelineNode =
    version.pipelineRun === undefined
      ? undefined
      : add({ id: 'pipeline', label: `…${version.pipelineRun.slice(-8)}`, detail: 'pipeline run' }, at('pipelines', version.pipelineRun));
  const chain = [pipelineNode, runNode, self].filter((id) => id !== undefined);
  chain.forEach((id, index) => {
    const next = chain[index + 1];
    if (next !== undefined) edges.push({ from: id, to: next });
  });

  const wires = new Map(snapshots.map((snapshot) => [`${snapshot.dataset} @${snapshot.number}`, snapshot]));
  for (const { dataset, snapshot } of version.snapshots) {
    const name = `${dataset} @${snapshot}`;
    const wire = wires.get(name);
    const detail = wire === undefined ? 'snapshot' : `snapshot, ${formatCount(wire.rows)} rows`;
    const id = add({ id: name, label: name, detail }, `${at('data', dataset)}?snapshot=${snapshot}`);
    edges.push({ from: id, to: chain[0] ?? self });
    if (wire === undefined) continue;
    const source = add(
      { id: `source ${wire.source.name}`, label: wire.source.name, detail: 'source' },
      wire.producer.kind === 'pipeline-run' ? at('pipelines', wire.producer.id) : undefined,
    );
    edges.push({ from: source, to: id });
  }

  for (const { dataset, digest, snapshot } of datasets) {
    if (snapshot !== undefined) continue;
    const id = add({ id: `dataset ${dataset} ${digest}`, label: dataset, detail: 'dataset of another system' });
    edges.push({ from: id, to: chain[0] ?? self });
  }
  if (loggedModel !== undefined) {
    const id = add({ id: 'logged model', label: loggedModel.name, detail: `logged model, ${loggedModel.state}` });
    if (runNode !== undefined) edges.push({ from: runNode, to: id });
    edges.push({ from: id, to: self });
  }
  const other = ({ model, version: number }: { readonly model: string; readonly version: number }, detail: string) =>
    add({ id: `version ${model} ${number}`, label: `${model} ${number}`, detail }, at('models', model, number));
  if (copiedFrom !== undefined) edges.push({ from: other(copiedFrom, 'copied from'), to: self });
  for (const copy of copies) edges.push({ from: self, to: other(copy, 'copy') });

  for (const { release, outcome } of releases) {
    const id = add(
      { id: `release ${release}`, label: `release …${release.slice(-6)}`, detail: outcome ?? 'going on' },
      at('releases', release),
    );
    edges.push({ from: self, to: id });
  }
  const last = releases.find(({ outcome }) => outcome === 'released' || outcome === 'succeeded') ?? releases[0];
  for (const { deployment, environment, revision, current } of deployments) {
    const id = add(
      {
        id: `deployment ${deployment} ${environment}`,
        label: `${deployment}, ${environment}`,
        detail: `${revision === undefined ? 'revision' : `revision …${revision.slice(-6)}`}${current ? ', current' : ', replaced'}`,
      },
      at('deployments', deployment),
    );
    edges.push({ from: last === undefined ? self : `release ${last.release}`, to: id });
  }
  return { nodes: [...nodes.values()], edges, addresses };
}
