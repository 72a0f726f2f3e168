import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnalytics } from '#kernel/analytics/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { type Actor, createEventLog, eventMigrations, type RipenEvent, systemActor } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { createPolicy } from '#policy/index.ts';
import type { LoadedSnapshot, RegisteredVersion } from '../collaborators.ts';
import { createDelivery, type Delivery, type DeliveryDeps } from '../delivery.ts';
import { deliveryMigrations } from '../migrations.ts';
import { isOutcome, type ReleaseState } from '../states.ts';
import type { ReleaseStory } from '../releases.ts';
import { FakeServing } from './fake-serving.ts';
import { tinyModel, type TinyModel } from './tiny-model.ts';

export const benchMigrations = [eventMigrations, jobMigrations, deliveryMigrations];
export const ada: Actor = { kind: 'person', id: 'ada', name: 'Ada' };
export const bo: Actor = { kind: 'person', id: 'bo', name: 'Bo' };

/** y is 1 more often the larger x; the baseline knows less, `slice_half` cuts the rows in two. */
const goodRows = `SELECT (x)::FLOAT AS x, (hash(i) % 1000 < 1000 / (1 + exp(-4 * x)))::INT AS label,
    (0.5 + x / 100)::DOUBLE AS baseline_score, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END AS slice_half
  FROM (SELECT i, ((hash(i * 7) % 2000) / 1000.0 - 1) AS x FROM range(3000) t(i))`;
/** A baseline that is told nothing. */
const rowsWithBlindBaseline = goodRows.replace('(0.5 + x / 100)::DOUBLE', '(hash(i * 3) % 100 / 100.0)::DOUBLE');

export const declaration = `
deployments:
  delay:
    model: delay
    gates: { bootstrap_samples: 200, slices: { by: [half], minimum_rows: 200, minimum_auc: 0.55 }, maximum_latency_p99_ms: 500 }
`;

export interface Instance {
  readonly delivery: Delivery;
  /** As a killed server: nothing is told to stop, the jobs just end. */
  stop(): Promise<void>;
}

/** Everything delivery needs, real but for the modules beside it. */
export async function openBench(database: Database) {
  const home = mkdtempSync(join(tmpdir(), 'ripen-delivery-'));
  const clock = systemClock;
  const ids = randomIds(clock);
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file://${join(home, 'objects')}`, { cacheDirectory: join(home, 'cache') });
  const analytics = createAnalytics({ directory: join(home, 'analytics'), log: silentLog, idleMs: 200 });
  const serving = new FakeServing(events);
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  const declare = (text: string): void => writeFileSync(join(project, 'ripen.yaml'), text);
  declare(declaration);
  const versions = new Map<number, RegisteredVersion>();
  const aliases = new Map<string, number>();
  const snapshots = new Map<number, LoadedSnapshot>([[1, { mode: 'append', parent: undefined, contract: { rules: [{ passed: true }] } }]]);
  const runs = new Map<string, { trigger: { kind: string }; registered: { model: string; version: number } | undefined }>();

  const deps = (jobs: DeliveryDeps['kernel']['jobs'], gateWorker: DeliveryDeps['gateWorker']): DeliveryDeps => ({
    kernel: { clock, ids, log: silentLog, home, instance: 'bench', events, objects, analytics, jobs },
    policy: createPolicy(),
    projects: { project: async (name) => ({ name, path: project }) },
    registry: {
      async version(_project, _model, version) {
        const found = versions.get(version);
        if (found === undefined) throw new Error(`No version ${version}`);
        return found;
      },
      setAlias: async (_context, { alias, version }) => void aliases.set(alias, version),
    },
    data: {
      async snapshot(_project, _dataset, number) {
        const found = snapshots.get(number);
        if (found === undefined) throw new Error(`No snapshot ${number}`);
        return found;
      },
    },
    pipelines: {
      async pipelineRun(_project, id) {
        const found = runs.get(id);
        if (found === undefined) throw new Error(`No run ${id}`);
        return found;
      },
    },
    serving,
    sections: [],
    gateWorker,
  });

  /** A server over the same database. */
  async function start(gateWorker?: DeliveryDeps['gateWorker']): Promise<Instance> {
    const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 20, takeOver: true });
    const delivery = createDelivery(deps(jobs, gateWorker));
    await delivery.start();
    await jobs.start();
    return {
      delivery,
      async stop() {
        await delivery.stop();
        await jobs.stop();
      },
    };
  }

  async function evaluationFile(rows: string): Promise<string> {
    const path = join(home, `${ids.next()}.parquet`);
    await analytics.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
    return (await objects.putFile(path)).digest;
  }

  /** Registers a version; `without` leaves files out. */
  async function register(
    version: number,
    model: TinyModel,
    options: { rows?: string; without?: readonly string[]; snapshot?: number } = {},
  ): Promise<RegisteredVersion> {
    const files = {
      'model.onnx': (await objects.put(tinyModel(model))).digest as string,
      'evaluation.parquet': await evaluationFile(options.rows ?? rowsWithBlindBaseline),
      'card.md': (await objects.put('# Delay')).digest as string,
    };
    const kept = Object.fromEntries(Object.entries(files).filter(([name]) => options.without?.includes(name) !== true));
    const signature = {
      inputs: [{ name: model.input ?? 'x', datatype: model.datatype ?? 'FP32', shape: [-1] }],
      outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1] }],
    };
    const registered = {
      model: 'delay',
      version,
      digest: files['model.onnx'],
      files: kept,
      signature,
      snapshots: [{ dataset: 'flights', snapshot: options.snapshot ?? 1 }],
    };
    versions.set(version, registered);
    const weights = model;
    scores.set(version, (x) => 1 / (1 + Math.exp(-(weights.weight * x + weights.bias))));
    return registered;
  }
  const scores = new Map<number, (x: number) => number>();
  serving.score = (x, version) => scores.get(version)?.(x) ?? Number.NaN;

  return {
    home,
    events,
    objects,
    analytics,
    serving,
    versions,
    aliases,
    snapshots,
    runs,
    declare,
    start,
    register,
    /** Until the release is over, or in one of `states`. */
    async until(delivery: Delivery, id: string, ...states: readonly ReleaseState[]): Promise<ReleaseStory> {
      for (const began = Date.now(); Date.now() - began < 30_000; await sleep(20)) {
        const story = await delivery.story('flights', id);
        if (isOutcome(story.release.state) || states.includes(story.release.state)) return story;
      }
      throw new Error(`Release ${id} does not get there: ${JSON.stringify(await delivery.story('flights', id))}`);
    },
    eventTypes: async (): Promise<string[]> => (await events.find({})).map(label),
    finishRun: (pipelineRun: string) =>
      events.change({ actor: systemActor, project: 'flights' }, async (change) =>
        change.emit({ type: 'pipeline.run.finished', source: 'pipelines', subject: 'run', data: { pipelineRun, outcome: 'succeeded' } }),
      ),
    async close(): Promise<void> {
      await analytics.close();
      await objects.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

function label({ type, data }: RipenEvent): string {
  const environment = data['environment'];
  return typeof environment === 'string' ? `${type} ${environment}` : type;
}
