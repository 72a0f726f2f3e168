import { manualClock, type ManualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { createEventLog, type EventLog, systemActor } from '#kernel/events/index.ts';
import { testApi, type TestApi } from '#kernel/http/testing.ts';
import { randomIds } from '#kernel/ids.ts';
import { silentLog } from '#kernel/log.ts';
import { numericHistogram, seededRandom } from '#kernel/statistics/index.ts';
import type { AgentReport } from './agent-wire.ts';
import { latencyEdges } from './agent-wire.ts';
import type { ServableVersion } from './collaborators.ts';
import { createServing, type Environment, type Serving, type ServingDeps } from './index.ts';
import { packHistogram, scoreEdges } from './traffic-histograms.ts';

export const context = { actor: systemActor };
export const place = { project: 'shop', deployment: 'prices', environment: 'production' } as const;

/** How a simulated revision answers. */
export interface Behaviour {
  readonly requests: number;
  readonly errors?: number;
  readonly latencyMs?: number;
  readonly score?: number;
}

/** Serving without processes: the test is the agent. */
export interface ServingBench {
  readonly serving: Serving;
  readonly clock: ManualClock;
  readonly events: EventLog;
  readonly api: TestApi;
  /** Every replica that is desired is ready, and everything desired is applied; `traffic` is what was answered since the last call. */
  report(traffic?: Readonly<Record<string, Behaviour>>, more?: Partial<AgentReport>): Promise<void>;
  desired(
    environment?: Environment,
  ): Promise<{ version: number; deployments: { revisions: { revision: string; weight: number; modelVersion: string }[] }[] }>;
  /** Weights by model version, as the agent would route. */
  weights(): Promise<Record<string, number>>;
  eventTypes(): Promise<string[]>;
}

const digest = `sha256:${'ab'.repeat(32)}`;

export function servableVersion(model: string, version: number, more: Partial<ServableVersion> = {}): ServableVersion {
  const signature = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
    outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1] }],
  };
  return { model, version, digest, files: [{ name: 'model.onnx', digest }], signature, ...more };
}

export async function servingBench(
  database: Database,
  versions: Readonly<Record<number, Partial<ServableVersion>>> = {},
): Promise<ServingBench> {
  const clock = manualClock();
  const ids = randomIds(clock);
  const events = createEventLog({ database, clock, ids });
  const never = (): never => {
    throw new Error('this test starts no agent');
  };
  const deps: Pick<ServingDeps, 'identity' | 'registry'> = {
    identity: { projects: { project: async (name) => ({ name }) }, tokens: { create: never, revoke: never } },
    registry: { version: async (_project, model, version) => servableVersion(model, version, versions[version]) },
  };
  // Only what serving uses without processes.
  const kernel = { clock, ids, log: silentLog, events, database } as unknown as ServingDeps['kernel'];
  const serving = createServing({ kernel, ...deps });
  const api = testApi(serving.endpoints);
  const totals = new Map<string, AgentReport['traffic'][number]>();
  const random = seededRandom(7);

  const desired: ServingBench['desired'] = (environment = 'production') => api.call('GET', `/api/v1/agent/desired?account=${environment}`);
  const behave = (revision: string, { requests, errors = 0, latencyMs = 5, score = 0.5 }: Behaviour): void => {
    const before = totals.get(revision);
    const answered = requests - errors;
    const draws = (count: number, at: number, spread: number): number[] =>
      Array.from({ length: count }, () => at + spread * (random.next() - 0.5));
    const latency = histograms(draws(answered, latencyMs, latencyMs / 5), latencyEdges);
    const scores = histograms(draws(answered, score, 0.2), scoreEdges([0, 1]));
    totals.set(revision, {
      revision,
      since: 1,
      requests: requests + (before?.requests ?? 0),
      rows: requests + (before?.rows ?? 0),
      errors: errors + (before?.errors ?? 0),
      latency: add(latency, before?.latency, latencyEdges),
      scores: add(scores, before?.scores, scoreEdges([0, 1])),
    });
  };
  return {
    serving,
    clock,
    events,
    api,
    desired,
    async report(traffic = {}, more = {}) {
      const wanted = await desired();
      const revisions = wanted.deployments.flatMap((deployment) => deployment.revisions);
      for (const [version, behaviour] of Object.entries(traffic)) {
        const target = revisions.find(({ modelVersion }) => modelVersion === version);
        if (target !== undefined) behave(target.revision, behaviour);
      }
      const report: AgentReport = {
        account: 'production',
        applied: wanted.version,
        gateway: { address: 'http://127.0.0.1:1' },
        replicas: revisions.map(({ revision }) => ({ revision, replica: 0, state: 'ready', pid: 1, startedAt: 1, restarts: 0 })),
        traffic: [...totals.values()],
        failures: [],
        spool: { segments: 0, bytes: 0 },
        problems: [],
        ...more,
      };
      await api.call('POST', '/api/v1/agent/report', report);
    },
    async weights() {
      const { deployments } = await desired();
      return Object.fromEntries(
        deployments.flatMap(({ revisions }) => revisions.map(({ modelVersion, weight }) => [modelVersion, weight])),
      );
    },
    eventTypes: async () => (await events.find({})).map(({ type }) => type),
  };
}

type Cells = AgentReport['traffic'][number]['latency'];
const histograms = (values: readonly number[], edges: readonly number[]): number[] => {
  const { below, counts, above } = numericHistogram(values, edges);
  return [below, ...counts, above];
};

function add(now: readonly number[], before: Cells | undefined, edges: readonly number[]): Cells {
  const old = before?.cells.flatMap((cell) => (cell < 0 ? Array.from({ length: -cell }, () => 0) : [cell])) ?? [];
  const sum = now.map((count, index) => count + (old[index] ?? 0));
  const [below = 0, ...rest] = sum;
  return packHistogram({ kind: 'numeric', edges, below, counts: rest.slice(0, -1), above: rest.at(-1) ?? 0, missing: 0 });
}
