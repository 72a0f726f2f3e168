import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createAnalytics } from '#kernel/analytics/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { type Database, openDatabase } from '#kernel/database/index.ts';
import { type Actor, createEventLog, eventMigrations, type RipenEvent, systemActor } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { createPolicy } from '#policy/index.ts';
import type { LoadedSnapshot, RegisteredVersion } from '../collaborators.ts';
import { assembleDelivery, type AssemblyDeps, type Delivery } from '../assemble-delivery.ts';
import { deliveryMigrations } from '../migrations.ts';
import { isOutcome, type ReleaseState } from '../states.ts';
import type { ReleaseStory } from '../releases.ts';
import { FakeServing } from './fake-serving.ts';
import { tinyModel, type TinyModel } from './tiny-model.ts';

export const benchMigrations = [eventMigrations, jobMigrations, deliveryMigrations];
export const ada: Actor = { kind: 'person', id: 'ada', name: 'Ada' };
export const bo: Actor = { kind: 'person', id: 'bo', name: 'Bo' };

/** y is 1 more often the larger x; the baseline knows less, `slice_half` cuts the rows in two. */
export const rowsWithGoodBaseline = `SELECT (x)::FLOAT AS x, (hash(i) % 1000 < 1000 / (1 + exp(-4 * x)))::INT AS label,
    (0.5 + x / 100)::DOUBLE AS baseline_score, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END AS slice_half
  FROM (SELECT i, ((hash(i * 7) % 2000) / 1000.0 - 1) AS x FROM range(3000) t(i))`;
/** A baseline that is told nothing. */
export const rowsWithBlindBaseline = rowsWithGoodBaseline.replace('(0.5 + x / 100)::DOUBLE', '(hash(i * 3) % 100 / 100.0)::DOUBLE');

export const declaration = `
deployments:
  delay:
    model: delay
    gates: { bootstrap_samples: 200, slices: { by: [half], minimum_rows: 200, minimum_auc: 0.55 }, maximum_latency_p99_ms: 500 }
`;

export interface Instance {
  readonly delivery: Delivery;
  readonly stop: () => Promise<void>;
}

export async function withBench(database: Database, body: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await openBench(database);
  try {
    await body(bench);
  } finally {
    await bench.close();
  }
}

/** For what does not depend on the database. */
export async function withOwnBench(body: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-delivery-database-'));
  const database = await openDatabase(`sqlite:${join(directory, 'ripen.db')}`);
  try {
    await database.migrate(benchMigrations);
    await withBench(database, body);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gate workers that do not do their work. */
export const brokenWorkers = {
  dying: fileURLToPath(new URL('dying-worker.ts', import.meta.url)),
  hanging: fileURLToPath(new URL('hanging-worker.ts', import.meta.url)),
  babbling: fileURLToPath(new URL('babbling-worker.ts', import.meta.url)),
} as const;

/** Everything delivery needs, real but for the modules beside it. */
export async function openBench(database: Database) {
  const home = mkdtempSync(join(tmpdir(), 'ripen-delivery-'));
  const clock = systemClock;
  const ids = randomIds(clock);
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file://${join(home, 'objects')}`, { cacheDirectory: join(home, 'cache') });
  const analytics = createAnalytics({ directory: join(home, 'analytics'), log: silentLog });
  const serving = new FakeServing(events);
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  const declare = (text: string): void => writeFileSync(join(project, 'ripen.yaml'), text);
  declare(declaration);
  const versions = new Map<number, RegisteredVersion>();
  const vanishing = new Set<number>();
  const aliases = new Map<string, number>();
  const snapshots = new Map<number, LoadedSnapshot>([[1, { mode: 'append', parent: undefined, contract: { rules: [{ passed: true }] } }]]);
  const runs = new Map<string, { trigger: { kind: string }; registered: { model: string; version: number } | undefined }>();

  const deps = (jobs: AssemblyDeps['kernel']['jobs'], gateWorker: AssemblyDeps['gateWorker']): AssemblyDeps => ({
    kernel: { clock, ids, log: silentLog, home, instance: 'bench', events, objects, analytics, jobs },
    policy: createPolicy(),
    projects: { project: async (name) => ({ name, path: project }) },
    registry: {
      async version(_project, _model, version) {
        const found = versions.get(version);
        if (found === undefined) throw new Error(`No version ${version}`);
        if (vanishing.delete(version)) versions.delete(version);
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

  const scores = new Map<number, (x: number) => number>();
  const running = new Set<() => Promise<void>>();

  /** A server over the same database. */
  async function start(gateWorker?: AssemblyDeps['gateWorker']): Promise<Instance> {
    const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 20, takeOver: true });
    const delivery = assembleDelivery(deps(jobs, gateWorker));
    await delivery.start();
    await jobs.start();
    const stop = async (): Promise<void> => {
      running.delete(stop);
      await delivery.stop();
      await jobs.stop();
    };
    running.add(stop);
    return { delivery, stop };
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
  serving.score = (x, version) => scores.get(version)?.(x) ?? Number.NaN;

  return {
    home,
    events,
    objects,
    analytics,
    serving,
    versions,
    /** Versions that are gone after they have been looked at once. */
    vanishing,
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
    /** As if the server had been killed: its jobs look as if somebody still worked on them. */
    async kill({ stop }: Instance): Promise<void> {
      await stop();
      await database.transaction(async (tx) => {
        const query = tx.query<{ jobs: { state: string; worker: string | null; lease_until: number | null } }>();
        const held = { state: 'running', worker: 'killed', lease_until: clock.now() + 3_600_000 };
        await query.updateTable('jobs').set(held).execute();
      });
    },
    async close(): Promise<void> {
      for (const stop of running) await stop();
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
