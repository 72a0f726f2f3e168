import { Worker } from 'node:worker_threads';
import { quantile } from './summary.ts';

export interface LoadPlan {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  /** JSON texts, sent in turn. */
  readonly bodies?: readonly string[];
  readonly clients: number;
  readonly seconds: number;
}

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
}

/** What the thread sends back. */
export interface LoadResult {
  readonly latencies: readonly number[];
  readonly seconds: number;
  readonly failures: readonly string[];
}

/**
 * Sends requests from a thread of its own, each client one at a time over one kept connection. The thread shares the cores with the server.
 * @throws when any answer is not of the 200s
 */
export async function load(plan: LoadPlan): Promise<Load> {
  const worker = new Worker(new URL('./load-thread.ts', import.meta.url), { workerData: plan });
  const { latencies, seconds, failures } = await new Promise<LoadResult>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  if (failures.length > 0) throw new Error(`${failures.length} of ${latencies.length} requests to ${plan.url} failed: ${failures[0]}`);
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    requests: latencies.length,
  };
}
