import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../src/cli/client.ts';
import type { ReleaseStoryWire, ReleaseWire } from '../../src/delivery/index.ts';
import { rowsWithBlindBaseline } from '../../src/delivery/testing/delivery-bench.ts';
import { tinyModel } from '../../src/delivery/testing/tiny-model.ts';
import { createAnalytics } from '../../src/kernel/analytics/index.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { PipelineRunDetailWire, PipelineRunWire } from '../../src/pipelines/index.ts';
import type { DeploymentWire } from '../../src/serving/index.ts';
import { eventually } from './eventually.ts';

/** The project of every journey that needs no real training: its steps copy files, its model multiplies one number. */
export const shop = '/api/v1/projects/shop';
export const deployment = 'delay';

/** The `ripen.yaml` of the shop; further lines at its end belong to the deployment. */
export const shopDefinition = `
project: shop
pipelines:
  load:
    steps:
      make:
        command: cp orders.csv "$RIPEN_OUTPUT_ORDERS"
        outputs: { orders: orders.csv }
        publishes: [{ output: orders, dataset: orders, mode: append, contract: contract.yaml }]
  train:
    steps:
      model:
        command: cp model.onnx "$RIPEN_OUTPUT_MODEL"; cp evaluation.parquet "$RIPEN_OUTPUT_EVALUATION"; cp card.md "$RIPEN_OUTPUT_CARD"; ls "$RIPEN_INPUT_ORDERS"
        inputs: { orders: dataset:orders }
        outputs: { model: model.onnx, evaluation: evaluation.parquet, card: card.md }
        tracked: true
    registers:
      model: delay
      files: { model.onnx: model/model, evaluation.parquet: model/evaluation, card.md: model/card }
deployments:
  delay:
    model: delay
    canary: [100]
    gates: { bootstrap_samples: 200, slices: { by: [half], minimum_rows: 200, minimum_auc: 0.55 }, maximum_latency_p99_ms: 5000 }
    monitoring: { window: 1h, label_delay: 1h }
`;
const contract = 'dataset: orders\ncolumns:\n  x: { type: integer, nulls: forbidden }\n  place: { type: string }\n';
export const ordersCsv = 'x,place\n1,Rome\n2,Zürich\n3,"a, b"\n';

/** Writes the project's folder; `more` are further files by path, `pipelines` further lines under that word of ripen.yaml. */
export async function writeSmallProject(folder: string, more: Readonly<Record<string, string>> = {}, pipelines = ''): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const files = {
    'ripen.yaml': shopDefinition.replace('pipelines:\n', () => `pipelines:${pipelines}\n`),
    'contract.yaml': contract,
    'orders.csv': ordersCsv,
    'card.md': '# Delay\n',
    ...more,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'model.onnx'), tinyModel({ weight: 4, bias: 0 }));
  const analytics = createAnalytics({ directory: join(folder, '.duckdb'), log: silentLog });
  try {
    await analytics.run(`COPY (${rowsWithBlindBaseline}) TO '${join(folder, 'evaluation.parquet')}' (FORMAT parquet)`);
  } finally {
    await analytics.close();
  }
  return folder;
}

export async function createShop(client: Client, folder: string): Promise<void> {
  await client.post('/api/v1/projects', { name: 'shop', path: folder });
  await client.post(`${shop}/pipelines`);
}

/** Runs a pipeline to its end, whichever it is. */
export async function runPipeline(client: Client, pipeline: string, body: object = {}): Promise<PipelineRunDetailWire> {
  const { id } = await client.post<PipelineRunWire>(`${shop}/pipelines/${pipeline}/runs`, body);
  return endOfRun(client, id);
}

export function endOfRun(client: Client, id: string, limitMs = 120_000): Promise<PipelineRunDetailWire> {
  return eventually(
    `pipeline run ${id} ends`,
    async () => {
      const run = await client.get<PipelineRunDetailWire>(`${shop}/pipeline-runs/${id}`);
      return run.finishedAt === undefined ? undefined : run;
    },
    limitMs,
  );
}

/** Loads, trains, registers and releases version 1, and gives the address of its service in production. */
export async function releaseFirst(client: Client): Promise<string> {
  const loaded = await runPipeline(client, 'load');
  assert.equal(loaded.state, 'succeeded', JSON.stringify(loaded.steps));
  const trained = await runPipeline(client, 'train');
  assert.equal(trained.state, 'succeeded', JSON.stringify(trained.steps));
  assert.equal(trained.registered?.version, 1);
  const { id } = await client.post<ReleaseWire>(`${shop}/releases`, { deployment, version: 1, reason: 'The first' });
  const story = await eventually(
    'the release ends',
    async () => {
      const seen = await client.get<ReleaseStoryWire>(`${shop}/releases/${id}`);
      return seen.finishedAt === undefined ? undefined : seen;
    },
    180_000,
  );
  assert.equal(story.state, 'released', JSON.stringify(story));
  return gateway(client);
}

/** Where production answers now, once it has answered. */
export function gateway(client: Client, limitMs = 120_000): Promise<string> {
  return eventually(
    'production answers',
    async () => {
      const url = await productionUrl(client);
      return url !== undefined && (await predict(url, 0)) !== undefined ? url : undefined;
    },
    limitMs,
  );
}

/** Where production is said to answer. */
export async function productionUrl(client: Client): Promise<string | undefined> {
  const { environments } = await client.get<DeploymentWire>(`${shop}/deployments/${deployment}`);
  return environments.find(({ environment }) => environment === 'production')?.inferUrl;
}

/** The model's answer for x, sigmoid(4 x), or undefined when it gave none. */
export async function predict(url: string, x: number, id?: string): Promise<number | undefined> {
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }];
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(id === undefined ? { inputs } : { id, inputs }),
    signal: AbortSignal.timeout(30_000),
  });
  const body = (await answer.json()) as { outputs?: { data: number[] }[] };
  return answer.status === 200 ? body.outputs?.[0]?.data[0] : undefined;
}
