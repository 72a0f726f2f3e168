import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineageWire } from '#registry/wire.ts';
import { lineageGraph } from './lineage-graph.ts';

const version: LineageWire['version'] = {
  project: 'flights',
  model: 'flight delay',
  kind: 'model',
  version: 2,
  state: 'registered',
  stage: 'None',
  location: 'mlflow-artifacts:/model-versions/1/2',
  digest: 'sha256:0',
  files: [],
  run: 'run-12345678',
  snapshots: [{ dataset: 'flights', snapshot: 3, digest: 'sha256:1' }],
  trainer: { kind: 'person', id: 'ada', name: 'Ada' },
  description: '',
  registeredAt: 0,
  updatedAt: 0,
  aliases: [],
  tags: {},
  card: { filledFields: 0, requiredFields: 6 },
};

const alone = { datasets: [], copies: [] };

test('the walk from data to deployments is drawn in its order, and each node leads to its page', () => {
  const release = { release: 'release-1', createdAt: 0, outcome: 'released', event: 5 };
  const deployment = { deployment: 'delay', environment: 'production', deployedAt: 0, current: true, event: 6 };
  const { edges, addresses } = lineageGraph('flights', { version, ...alone, releases: [release], deployments: [deployment] }, []);
  assert.deepEqual(edges, [
    { from: 'run', to: 'version' },
    { from: 'flights @3', to: 'run' },
    { from: 'version', to: 'release release-1' },
    { from: 'release release-1', to: 'deployment delay production' },
  ]);
  assert.equal(addresses.get('version'), '/flights/models/flight%20delay/2');
  assert.equal(addresses.get('flights @3'), '/flights/data/flights?snapshot=3');
});

test('a version without a run or a release still shows what it has', () => {
  const { run: _run, ...bare } = version;
  const { nodes, edges } = lineageGraph('flights', { version: { ...bare, snapshots: [] }, ...alone, releases: [], deployments: [] }, []);
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ['version'],
  );
  assert.deepEqual(edges, []);
});

test('foreign datasets, the logged model and copies stand in the walk', () => {
  const more = {
    datasets: [{ dataset: 'iris', digest: 'abc' }],
    loggedModel: { id: 'm-1', name: 'forest', state: 'ready' },
    copiedFrom: { model: 'old', version: 1 },
    copies: [{ model: 'new', version: 4 }],
  };
  const { edges, addresses } = lineageGraph(
    'flights',
    { version: { ...version, snapshots: [] }, ...more, releases: [], deployments: [] },
    [],
  );
  assert.deepEqual(edges, [
    { from: 'run', to: 'version' },
    { from: 'dataset iris abc', to: 'run' },
    { from: 'run', to: 'logged model' },
    { from: 'logged model', to: 'version' },
    { from: 'version old 1', to: 'version' },
    { from: 'version', to: 'version new 4' },
  ]);
  assert.equal(addresses.get('version new 4'), '/flights/models/new/4');
});
