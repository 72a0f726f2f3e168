import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Clock } from '#kernel/clock.ts';
import type { ModelServerMessage, ModelServerSpec } from '#kernel/inference/index.ts';
import { type Service, spawnService, supervise } from '#kernel/processes/index.ts';
import type { DesiredDeployment, DesiredRevision, ReplicaState } from '#serving/index.ts';
import { connectModel, type ModelClient } from './model-client.ts';
import { smokeTest } from './smoke-test.ts';

const main = fileURLToPath(new URL('../model-server/main.ts', import.meta.url));
const startLimitMs = 60_000;
/** After this many failures in a row, none of them long alive, the replica counts as failing. */
const failuresUntilFailing = 4;
const healthyAfterMs = 10_000;

export interface ReplicaSpec {
  readonly revision: DesiredRevision;
  readonly replica: number;
  readonly limits: DesiredDeployment['limits'];
  /** Local path of the verified model file. */
  readonly modelPath: () => Promise<string>;
  readonly socketDirectory: string;
  readonly owner: string;
  readonly cwd: string;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onFailure: (reason: string) => void;
}

export interface ReplicaStatus {
  readonly replica: number;
  readonly state: ReplicaState;
  readonly pid: number | undefined;
  readonly startedAt: number | undefined;
  readonly restarts: number;
  readonly reason: string | undefined;
}

/** One model server process, started again whenever it ends. */
export interface Replica {
  /** Undefined while it is not ready. */
  client(): ModelClient | undefined;
  status(): ReplicaStatus;
  stop(): Promise<void>;
}

interface Running {
  readonly service: Service;
  readonly client: ModelClient;
  readonly exited: Promise<unknown>;
  stop(reason: string): Promise<unknown>;
}

/** The file is not what was registered: starting it again will not help. */
class Refused extends Error {}

export function startReplica(spec: ReplicaSpec): Replica {
  let starts = 0;
  let failures = 0;
  let reason: string | undefined;
  let refused = false;
  let stopping = false;
  let lastMessage: ModelServerMessage | undefined;

  const failed = (why: string): void => {
    failures += 1;
    reason = why;
    if (!stopping) spec.onFailure(why);
  };
  const start = async (signal: AbortSignal): Promise<Running> => {
    starts += 1;
    lastMessage = undefined;
    const socket = join(spec.socketDirectory, `${spec.revision.revision.slice(-8)}-${spec.replica}-${starts}.sock`);
    try {
      const service = spawnServer(spec, { socket, model: await spec.modelPath(), onMessage: (message) => (lastMessage = message) });
      const client = await becomeReady({ spec, service, socket, signal, ended: () => reasonOf(lastMessage) });
      void service.exited.then(
        () => rmSync(socket, { force: true }),
        () => undefined,
      );
      return { service, client, exited: service.exited.finally(() => client.close()), stop: (why) => service.stop(why) };
    } catch (error) {
      refused ||= error instanceof Refused;
      if (!signal.aborted) failed(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const supervision = supervise<Running>({
    start,
    clock: spec.clock,
    backoff: { initialMs: 50, maximumMs: 15_000, healthyAfterMs },
    onExit(exit) {
      const end = exit as Awaited<Service['exited']>;
      const since = supervision.status().since;
      if (spec.clock.now() - since >= healthyAfterMs) failures = 0;
      const how = end.signal === undefined ? `it ended with code ${end.code ?? 'unknown'}` : `signal ${end.signal} ended it`;
      if (!stopping) failed(reasonOf(lastMessage) ?? how);
    },
    onChange: () => spec.onChange(),
  });

  const state = (): ReplicaState => {
    if (stopping) return 'stopping';
    const { state: supervised } = supervision.status();
    if (supervised === 'running') return 'ready';
    if (refused || failures >= failuresUntilFailing) return 'failing';
    return supervised === 'backing-off' ? 'backing-off' : 'starting';
  };
  return {
    client: () => (stopping ? undefined : supervision.status().current?.client),
    status() {
      const { since, current, restarts } = supervision.status();
      const now = state();
      return {
        replica: spec.replica,
        state: now,
        pid: current?.service.pid,
        startedAt: now === 'ready' ? since : undefined,
        restarts,
        reason: now === 'ready' ? undefined : reason,
      };
    },
    async stop() {
      stopping = true;
      spec.onChange();
      await supervision.stop('the revision is no longer wanted here');
    },
  };
}

function reasonOf(message: ModelServerMessage | undefined): string | undefined {
  if (message?.kind === 'refused') return message.reason;
  if (message?.kind === 'memory-limit') return `it used ${Math.round(message.bytes / 1024 / 1024)} MiB, more than it may`;
  return undefined;
}

function spawnServer(
  { revision, replica, limits, owner, cwd }: ReplicaSpec,
  { socket, model, onMessage }: { socket: string; model: string; onMessage: (message: ModelServerMessage) => void },
): Service {
  const memoryBytes = limits.memoryMb === undefined ? undefined : limits.memoryMb * 1024 * 1024;
  const server: ModelServerSpec = { model, signature: revision.signature, socket, threads: limits.threads, warmUpRuns: 5, memoryBytes };
  return spawnService({
    name: `replica ${replica} of ${revision.revision}`,
    file: main,
    args: [JSON.stringify(server)],
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', LANG: 'C.UTF-8' },
    graceMs: 2000,
    owner,
    // Only model servers of ours write to this channel.
    onMessage: (message) => onMessage(message as ModelServerMessage),
  });
}

interface Start {
  readonly spec: ReplicaSpec;
  readonly service: Service;
  readonly socket: string;
  readonly signal: AbortSignal;
  readonly ended: () => string | undefined;
}

async function becomeReady({ spec, service, socket, signal, ended }: Start): Promise<ModelClient> {
  const limit = new AbortController();
  const giveUp = AbortSignal.any([limit.signal, signal]);
  const late = pause(startLimitMs, 'late' as const, { signal: giveUp }).catch(() => 'stopped' as const);
  try {
    const first = await Promise.race([service.nextMessage(() => true), late]);
    if (first === 'stopped') throw new Error('it was stopped while it started');
    if (first === 'late') throw new Error(`it was not ready within ${startLimitMs / 1000} s`);
    const message = first as ModelServerMessage | undefined;
    if (message?.kind === 'refused') throw new Refused(message.reason);
    if (message?.kind !== 'ready') throw new Error(ended() ?? 'it ended while it started');
    const client = await connectModel(socket);
    try {
      await smokeTest(client, spec.revision.signature);
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  } catch (error) {
    // The next start must not find this one still alive.
    await service.stop('it did not become ready');
    throw error;
  } finally {
    limit.abort();
  }
}
