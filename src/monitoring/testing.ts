import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Analytics, createAnalytics, quoteLiteral } from '#kernel/analytics/index.ts';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { createEventLog, eventMigrations, type RipenEvent, systemActor } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { randomIds } from '#kernel/ids.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { silentLog } from '#kernel/log.ts';
import { type ObjectStore, openObjectStore } from '#kernel/objects/index.ts';
import { seededRandom } from '#kernel/statistics/index.ts';
import { createMonitoring, monitoringMigrations } from './index.ts';

export const monitoringSets = [eventMigrations, jobMigrations, monitoringMigrations];
export const day = 86_400_000;
/** Predictions are about 2001, the server lives in 2026. */
export const may = Date.UTC(2001, 4, 1);
export const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const;
export const watched = { project: 'flights', deployment: 'flight-delay' };

export interface Flight {
  readonly id: string;
  readonly at: number;
  readonly hour: number;
  readonly distance: number;
  readonly origin: string | null;
  readonly score: number | null;
  readonly label: 0 | 1;
}

const airports = ['ATL', 'ORD', 'DFW', 'LAX', 'DEN'];

/** Flights of one day. `shift` moves the distances; `late` changes how often the label is 1 beyond what the score says. */
export function flightsOf(dayNumber: number, options: { count?: number; shift?: number; late?: number; start?: number } = {}): Flight[] {
  const { count = 600, shift = 0, late = 1, start = may } = options;
  const random = seededRandom(dayNumber + 1000);
  return Array.from({ length: count }, (_, index) => {
    const risk = Math.fround(0.05 + 0.5 * random.next() ** 2);
    return {
      id: `d${dayNumber}-${index}`,
      at: start + dayNumber * day + Math.floor((index / count) * day),
      hour: Math.floor(random.next() * 24),
      distance: Math.round(200 + 1500 * random.next() + shift),
      origin: airports[Math.floor(random.next() * airports.length)] ?? 'ATL',
      score: risk,
      label: random.next() < risk * late ? 1 : 0,
    };
  });
}

/** A line of an agent's prediction log. */
export function lineOf(flight: Flight, more: Readonly<Record<string, unknown>> = {}): string {
  const { id, at, hour, distance, origin, score } = flight;
  const inputs = { origin: [origin], hour: [hour], distance: [distance] };
  return JSON.stringify({
    id,
    time: Date.UTC(2026, 0, 1),
    event_time: at,
    revision: 'r1',
    version: '1',
    inputs,
    outputs: { probability: [score] },
    latency_us: 1000 + (hour % 10) * 100,
    status: 200,
    ...more,
  });
}

export interface Ground {
  readonly analytics: Analytics;
  readonly objects: ObjectStore;
  readonly directory: string;
  /** Digests of the files of model version 1 (and every other one). */
  readonly files: Readonly<Record<string, string>>;
}

/** DuckDB, blobs and a reference that the tests of one file share. */
export function ground(): () => Ground {
  let made: Ground | undefined;
  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ripen-monitoring-'));
    const analytics = createAnalytics({ directory: join(directory, 'spill'), log: silentLog });
    const objects = await openObjectStore(`file:${join(directory, 'objects')}`, { cacheDirectory: join(directory, 'cache') });
    const path = join(directory, 'reference.parquet');
    const rows = Array.from({ length: 5 }, (_, index) => flightsOf(-index - 1)).flat();
    const values = rows
      .map(({ origin, hour, distance, score, label }) => `('${origin}', ${hour}, ${distance}, ${score}::FLOAT, ${label})`)
      .join(',');
    await analytics.run(
      `COPY (SELECT * FROM (VALUES ${values}) t(origin, hour, distance, score, label)) TO ${quoteLiteral(path)} (FORMAT parquet)`,
    );
    const { digest } = await objects.putFile(path);
    const evaluation = await objects.put(JSON.stringify({ metrics: { auc: 0.7, positive_rate: 0.2 } }));
    made = { analytics, objects, directory, files: { 'reference.parquet': digest, 'evaluation.json': evaluation.digest } };
  });
  after(async () => {
    await made?.analytics.close();
    await made?.objects.close();
    if (made !== undefined) await rm(made.directory, { recursive: true, force: true });
  });
  return () => {
    if (made === undefined) throw new Error('the ground is only there within a test');
    return made;
  };
}

export interface Declared {
  monitoring?: Record<string, unknown>;
  alerts?: readonly Record<string, unknown>[];
  objectives?: Record<string, unknown>;
}

/** A server's monitoring over a database, with everything that it would do by itself done on demand. */
export function setUp(database: Database, { analytics, objects, directory, files }: Ground, declared: Declared = {}) {
  const clock = manualClock();
  const ids = randomIds(clock);
  const events = createEventLog({ database, clock, ids });
  const declaration = { current: declared };
  const server = () => {
    const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 5 });
    const kernel = { analytics, clock, database, events, home: directory, ids, jobs, log: silentLog, objects };
    return {
      jobs,
      monitoring: createMonitoring({
        kernel,
        projects: { project: async () => ({}) },
        deployments: { declaration: async () => declaration.current },
        modelVersions: { version: async () => ({ files }) },
      }),
    };
  };
  const { monitoring, jobs } = server();
  let sent = 0;
  return {
    clock,
    events,
    jobs,
    monitoring,
    server,
    declaration,
    api: testApi(monitoring.endpoints, ada),
    /** Tells of a deployment and waits until it is watched. */
    deploy: async (version = '1'): Promise<void> => {
      const before = (await events.head()).size;
      await events.change({ actor: systemActor, project: watched.project }, async (change) =>
        change.emit({
          type: 'service.deployed',
          source: 'serving',
          subject: 'projects/flights',
          data: { deployment: watched.deployment, environment: 'production', model: 'flight-delay', version, revision: `r${version}` },
        }),
      );
      await monitoring.start();
      const isWatched = async (): Promise<boolean> => {
        const [one] = await monitoring.summaries(watched.project);
        return one?.version === version && (before > 0 || (await events.find({ types: ['monitor.created'] })).length > 0);
      };
      while (!(await isWatched())) await new Promise((resolve) => setTimeout(resolve, 5));
      await monitoring.stop();
    },
    send: (lines: readonly string[], segment = `s${++sent}`, environment = 'production') =>
      monitoring.receiveSegment({ ...watched, environment }, { segment, body: bytesOf(lines.join('\n')) }),
    label: (flights: readonly Flight[], flip = false) =>
      monitoring.receiveLabels(
        { actor: ada },
        watched,
        flights.map(({ id, label, at }) => ({ id, label: flip ? 1 - label : label, time: at + 3_600_000 })),
      ),
    evaluate: () => monitoring.evaluate(watched),
    windows: () => monitoring.windows(watched, { limit: 1000 }),
    eventsOf: (type: string): Promise<readonly RipenEvent[]> => events.find({ types: [type] }),
  };
}

export async function* bytesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
