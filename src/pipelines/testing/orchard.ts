import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { defineErrors } from '#kernel/errors.ts';
import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { randomIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { silentLog } from '#kernel/log.ts';
import { digestOf, openObjectStore } from '#kernel/objects/index.ts';
import { createTracking, trackingMigrations } from '#tracking/index.ts';
import type { Data, Registry } from '../collaborators.ts';
import { pipelineMigrations } from '../migrations.ts';
import type { PipelineRun, StepRun } from '../model.ts';
import { createPipelines, type PipelinesDeps } from '../pipelines.ts';
import { isRunDone } from '../states.ts';

export const migrationSets = [eventMigrations, jobMigrations, trackingMigrations, pipelineMigrations];
export const context = { actor: systemActor, project: 'orchard' };

const errors = defineErrors('data', {
  'contract-broken': { kind: 'input', message: (a: { file: string }) => `"${a.file}" breaks the contract.` },
  'dataset-not-found': { kind: 'not-found', message: (a: { dataset: string }) => `There is no dataset "${a.dataset}".` },
});

/** Datasets as lists of files, published once per producer and content: the part of the data module that pipelines lean on. */
export function listedData(): Data & {
  readonly snapshots: Data['snapshots'];
  add(dataset: string, text: string): void;
  count(dataset: string): number;
} {
  const datasets = new Map<string, { text: string; producer: string }[]>();
  const facts = (dataset: string, number: number) => {
    const files = datasets.get(dataset)?.slice(0, number) ?? [];
    if (files.length === 0) throw errors['dataset-not-found']({ dataset });
    return { dataset, number, digest: digestOf(files.map((file) => file.text).join('\n')), rows: files.length };
  };
  const put = (dataset: string, file: { text: string; producer: string }) =>
    datasets.set(dataset, [...(datasets.get(dataset) ?? []), file]);
  return {
    add: (dataset, text) => void put(dataset, { text, producer: 'test' }),
    count: (dataset) => datasets.get(dataset)?.length ?? 0,
    snapshots: {
      async resolve(_, reference) {
        const [, dataset = '', number] = /^dataset:([^@]+)(?:@(\d+))?$/.exec(reference) ?? [];
        return facts(dataset, number === undefined ? (datasets.get(dataset)?.length ?? 0) : Number(number));
      },
      async materialize({ dataset, snapshot, directory }) {
        for (const [index, file] of (datasets.get(dataset)?.slice(0, snapshot) ?? []).entries())
          writeFileSync(join(directory, `part-${index}.parquet`), file.text);
      },
    },
    async publish(_, { dataset, file, contract, producer }) {
      const text = readFileSync(file.path, 'utf8');
      if (contract !== undefined && !text.includes(contract.text.trim())) throw errors['contract-broken']({ file: file.path });
      const known = datasets.get(dataset)?.findIndex((one) => one.text === text && one.producer === producer.id) ?? -1;
      if (known < 0) put(dataset, { text, producer: producer.id });
      return { snapshot: facts(dataset, known < 0 ? (datasets.get(dataset)?.length ?? 1) : known + 1) };
    },
  };
}

type Version = Parameters<Registry['registerVersion']>[1];

export function listedRegistry(): Registry & { readonly versions: Version[] } {
  const versions: Version[] = [];
  return {
    versions,
    async registerVersion(_, version) {
      versions.push(version);
      return { model: version.model, version: versions.filter((one) => one.model === version.model).length };
    },
    isRegistered: async (_, { model, version }) => versions.filter((one) => one.model === model).length >= version,
  };
}

export interface OrchardOptions extends Partial<PipelinesDeps> {
  /** An existing folder, to be another server over it. */
  readonly folder?: string;
  /** In place of `listedData`. */
  readonly makeData?: (kernel: Pick<Kernel, 'clock' | 'database' | 'events' | 'home' | 'ids' | 'log' | 'objects'>) => Data;
}

/** A home and a project folder on disk over a database, with servers that can be started one after another. */
export async function openOrchard(database: Database, options: OrchardOptions = {}) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ripen-pipelines-'));
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  mkdirSync(project, { recursive: true });
  const ids = randomIds();
  const events = createEventLog({ database, clock: systemClock, ids });
  const objects = await openObjectStore(`file:${home}`, { cacheDirectory: join(home, 'cache') });
  const projects = { project: async (name: string) => ({ name, path: name === 'orchard' ? project : undefined }) };
  const tracking = createTracking({ kernel: { clock: systemClock, ids, events, objects }, identity: projects });
  const data = listedData();
  const { makeData, folder: _, ...others } = options;
  const real = makeData?.({ clock: systemClock, database, events, home, ids, log: silentLog, objects });
  const registry = listedRegistry();
  const instance = `ripen-test-${basename(folder)}`;

  /** One life of a server. */
  function boot() {
    const jobs = createJobs({ database, clock: systemClock, ids, log: silentLog, pollMs: 50 });
    const kernel = { clock: systemClock, ids, log: silentLog, home, instance, events, objects, jobs };
    const pipelines = createPipelines({ kernel, projects, data: real ?? data, tracking, registry, ...others });
    return {
      jobs,
      pipelines,
      api: testApi(pipelines.endpoints),
      async start() {
        await pipelines.start();
        await jobs.start();
      },
      async stop() {
        await pipelines.stop();
        await jobs.stop();
      },
    };
  }

  return {
    folder,
    project,
    home,
    database,
    events,
    objects,
    tracking,
    data,
    registry,
    instance,
    boot,
    write(files: Readonly<Record<string, string>>) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), text);
      }
    },
    async close() {
      await objects.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Orchard = Awaited<ReturnType<typeof openOrchard>>;
export type Server = ReturnType<Orchard['boot']>;

/** Runs a body with a started server, and stops and removes everything. */
export async function withOrchard(
  database: Database,
  body: (orchard: Orchard, server: Server) => Promise<void>,
  options: OrchardOptions = {},
): Promise<void> {
  const orchard = await openOrchard(database, options);
  const server = orchard.boot();
  try {
    await server.start();
    await body(orchard, server);
  } finally {
    await server.stop();
    await orchard.close();
  }
}

/** Waits for the end of a run and gives it with its steps by name. */
export async function finished(
  { pipelines }: Pick<Server, 'pipelines'>,
  run: PipelineRun,
): Promise<{ run: PipelineRun; steps: Record<string, StepRun> }> {
  let now = run;
  await until(async () => {
    now = await pipelines.pipelineRun(run.project, run.id);
    return isRunDone(now.state);
  });
  const steps = await pipelines.steps(now);
  return { run: now, steps: Object.fromEntries(steps.map((step) => [step.step, step])) };
}

export async function until(condition: () => Promise<boolean> | boolean, waitMs = 20_000): Promise<void> {
  for (const end = Date.now() + waitMs; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > end) assert.fail('waited too long');
}
