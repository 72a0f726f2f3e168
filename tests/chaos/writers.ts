import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../src/cli/client.ts';
import type { SnapshotWire } from '../../src/data/index.ts';
import type { PipelineRunWire } from '../../src/pipelines/index.ts';
import type { RunWire } from '../../src/tracking/index.ts';
import { deployment, predict, productionUrl, shop } from '../testing/small-project.ts';

/** What the server has said yes to; all of it must be there in the end. */
export interface Acknowledged {
  readonly run: string;
  /** Steps of the metric `wave`; the value is twice the step. */
  readonly metrics: number[];
  /** Parameters `p<n>` with the value n. */
  readonly parameters: number[];
  /** The value that was loaded, by snapshot number. */
  readonly snapshots: Map<number, number>;
  readonly pipelineRuns: string[];
  readonly predictions: string[];
  readonly labels: Map<string, number>;
}

/** Where the server is now; a killed one is replaced. */
export interface Current {
  client: Client;
  /** Where production answers, as far as known. */
  gateway: string;
}

const restMs = 40;

/** Writes of every kind, each beside the others, until the signal fires. What is not answered is tried again or given up, never counted. */
export async function keepWriting(current: Current, signal: AbortSignal): Promise<{ acknowledged: Acknowledged; ended: Promise<unknown> }> {
  const { id } = await current.client.post<RunWire>(`${shop}/runs`, { experiment: 'chaos' });
  const acknowledged: Acknowledged = {
    run: id,
    metrics: [],
    parameters: [],
    snapshots: new Map(),
    pipelineRuns: [],
    predictions: [],
    labels: new Map(),
  };
  const writers = [writeMetrics, writeParameters, publishSnapshots, startPipelines, askForPredictions, sendLabels];
  return { acknowledged, ended: Promise.all(writers.map((write) => write(current, acknowledged, signal))) };
}

type Writer = (current: Current, acknowledged: Acknowledged, signal: AbortSignal) => Promise<void>;

/** Calls `write` with 1, 2, 3, … An error means that nobody knows whether it was done; `again` then tries the same number once more. */
async function counting(signal: AbortSignal, write: (number: number) => Promise<void>, again = false): Promise<void> {
  for (let number = 1; !signal.aborted; number++) {
    try {
      await write(number);
      await pause(restMs);
    } catch {
      // The server was killed under the request, or is not back yet.
      await pause(100);
      if (again) number--;
    }
  }
}

const writeMetrics: Writer = (current, { run, metrics }, signal) =>
  counting(signal, async (step) => {
    await current.client.post(`${shop}/runs/${run}/log`, { metrics: [{ name: 'wave', step, value: 2 * step }] });
    metrics.push(step);
  });

const writeParameters: Writer = (current, { run, parameters }, signal) =>
  counting(signal, async (number) => {
    await pause(5 * restMs);
    await current.client.post(`${shop}/runs/${run}/log`, { parameters: { [`p${number}`]: number } });
    parameters.push(number);
  });

const publishSnapshots: Writer = (current, { snapshots }, signal) =>
  counting(
    signal,
    async (value) => {
      await pause(10 * restMs);
      const path = `${shop}/datasets/drops/load?format=csv&mode=append&key=drop-${value}`;
      const answer = await current.client.raw('POST', path, { body: `value\n${value}\n`, headers: { 'content-type': 'text/csv' } });
      const { snapshot } = (await answer.json()) as { snapshot: SnapshotWire };
      snapshots.set(snapshot.number, value);
    },
    true,
  );

const startPipelines: Writer = (current, { pipelineRuns }, signal) =>
  counting(signal, async (number) => {
    await pause(25 * restMs);
    const { id } = await current.client.post<PipelineRunWire>(`${shop}/pipelines/tiny/runs`, { parameters: { number } });
    pipelineRuns.push(id);
  });

const askForPredictions: Writer = (current, { predictions }, signal) =>
  counting(signal, async (number) => {
    const id = `asked-${number}`;
    if ((await predict(current.gateway, number % 3, id).catch(() => undefined)) === undefined) {
      current.gateway = (await productionUrl(current.client)) ?? current.gateway;
      throw new Error('no answer');
    }
    predictions.push(id);
  });

const sendLabels: Writer = (current, { predictions, labels }, signal) =>
  counting(signal, async () => {
    const open = predictions.filter((id) => !labels.has(id)).slice(0, 50);
    if (open.length === 0) return;
    const batch = open.map((id) => ({ id, label: Number(id.split('-')[1]) % 2 }));
    await current.client.post(`${shop}/deployments/${deployment}/labels`, { labels: batch });
    for (const { id, label } of batch) labels.set(id, label);
    await pause(5 * restMs);
  });
