import { load } from '../measuring/load.ts';
import type { Options } from '../measuring/measure.ts';
import { peer, startPeer } from '../peers/peer.ts';

export interface MlflowFigures {
  readonly metricsPerSecond: number;
  readonly batchesPerSecond: number;
  readonly searchMs: number;
  /** How many runs it searched. */
  readonly runs: number;
}

const runs = 500;
let lastStep = 0;

/** An MLflow server over SQLite with its own default number of workers, spoken to over its REST interface. */
export async function measureMlflow(
  folder: string,
  { options, say }: { readonly options: Options; readonly say: (line: string) => void },
): Promise<MlflowFigures | undefined> {
  const mlflow = await peer('mlflow', options);
  if (mlflow === undefined) {
    say('the MLflow server is left out: --peers installs it');
    return undefined;
  }
  say('the MLflow server');
  const store = `sqlite:///${folder}/mlflow.db`;
  const server = await startPeer(
    (port) => [mlflow.program('mlflow'), 'server', '--host', '127.0.0.1', '--port', String(port), '--backend-store-uri', store],
    { path: '/health', folder },
  );
  const api = `${server.url}/api/2.0/mlflow`;
  const post = async <Result>(path: string, body: object): Promise<Result> => {
    const response = await fetch(`${api}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`MLflow answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    // Its documented answer.
    return (await response.json()) as Result;
  };
  try {
    const ids: string[] = [];
    for (let index = 0; index < runs; index++) {
      const { run } = await post<{ run: { info: { run_id: string } } }>('runs/create', { experiment_id: '0', start_time: Date.now() });
      ids.push(run.info.run_id);
      await post('runs/log-batch', { run_id: run.info.run_id, metrics: points(3), params: [{ key: 'depth', value: String(index % 12) }] });
    }
    const target = ids[0] ?? '';
    const singles = Array.from({ length: 200 }, (_, step) =>
      JSON.stringify({ run_id: target, key: 'single', value: Math.random(), timestamp: Date.now(), step }),
    );
    const single = await load({ url: `${api}/runs/log-metric`, bodies: singles, clients: 8, seconds: 5 });
    const batches = Array.from({ length: 20 }, () => JSON.stringify({ run_id: target, metrics: points(1000) }));
    const batch = await load({ url: `${api}/runs/log-batch`, bodies: batches, clients: 8, seconds: 5 });
    const search = JSON.stringify({ experiment_ids: ['0'], max_results: 100, order_by: ['metrics.m0 DESC'] });
    const found = await load({ url: `${api}/runs/search`, bodies: [search], clients: 1, seconds: 5 });
    return { metricsPerSecond: single.perSecond, batchesPerSecond: batch.perSecond, searchMs: found.p50, runs };
  } finally {
    await server.stop();
  }
}

function points(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `m${index % 10}`,
    value: Math.random(),
    timestamp: Date.now(),
    step: lastStep++,
  }));
}
