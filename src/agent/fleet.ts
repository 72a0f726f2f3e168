import type { Clock } from '#kernel/clock.ts';
import type { Log } from '#kernel/log.ts';
import type { AgentReport, DesiredDeployment, DesiredRevision, DesiredState } from '#serving/index.ts';
import type { ModelFiles } from './model-files.ts';
import { type Replica, startReplica } from './replica.ts';
import { createRevisionRunner, type RevisionRunner } from './revision-runner.ts';
import { buildRoutes, type Routes } from './routes.ts';
import { countTraffic, type RevisionTraffic } from './traffic.ts';

/** Everything this agent runs, brought in line with what is desired. */
export interface Fleet {
  /** What the gateway routes by; replaced as a whole. */
  readonly routes: Routes;
  /** The desired version that `routes` follows. */
  readonly applied: number;
  apply(desired: DesiredState): void;
  replicas(): AgentReport['replicas'];
  traffic(): ReadonlyMap<string, RevisionTraffic>;
  /** Replicas that ended by themselves since the last call with `clear`. */
  readonly failures: Failures;
  stop(): Promise<void>;
}

interface Failures {
  list(): AgentReport['failures'];
  /** Forgets the first `count`, which have been reported. */
  forget(count: number): void;
}

export interface FleetOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly modelFiles: ModelFiles;
  readonly socketDirectory: string;
  readonly directory: string;
  readonly owner: string;
  /** Something that should be reported has changed. */
  readonly onChange: () => void;
}

const mostFailures = 1000;

export function createFleet(options: FleetOptions): Fleet {
  const { clock, log } = options;
  const since = clock.now();
  const runners = new Map<string, RevisionRunner>();
  const leaving = new Map<RevisionRunner, Promise<void>>();
  const traffic = new Map<string, RevisionTraffic>();
  const failures: AgentReport['failures'] = [];
  let routes: Routes = new Map();
  let applied = 0;

  const start = (revision: DesiredRevision, limits: DesiredDeployment['limits'], replica: number): Replica =>
    startReplica({
      revision,
      replica,
      limits,
      modelPath: () => options.modelFiles.path(revision.digest),
      socketDirectory: options.socketDirectory,
      owner: options.owner,
      cwd: options.directory,
      clock,
      onChange() {
        runners.get(revision.revision)?.changed();
        options.onChange();
      },
      onFailure(reason) {
        log.warn({ revision: revision.revision, replica, reason }, 'a replica has failed');
        if (failures.length < mostFailures) failures.push({ revision: revision.revision, replica, reason });
      },
    });

  const runnerOf = (revision: DesiredRevision, { limits, score }: DesiredDeployment): RevisionRunner => {
    const existing = runners.get(revision.revision);
    const runner = existing ?? createRevisionRunner(revision, (replica) => start(revision, limits, replica));
    runners.set(revision.revision, runner);
    if (!traffic.has(revision.revision)) traffic.set(revision.revision, countTraffic(since, score.range));
    runner.scale(revision.replicas);
    return runner;
  };

  const letGo = (runner: RevisionRunner, limitMs: number): void => {
    runners.delete(runner.desired.revision);
    const done = runner
      .drain(limitMs)
      .catch((error: unknown) => log.error({ err: error, revision: runner.desired.revision }, 'a revision could not be ended'))
      .finally(() => {
        leaving.delete(runner);
        options.onChange();
      });
    leaving.set(runner, done);
  };

  return {
    get routes() {
      return routes;
    },
    get applied() {
      return applied;
    },
    apply(desired) {
      const wanted = new Set(desired.deployments.flatMap(({ revisions }) => revisions.map(({ revision }) => revision)));
      routes = buildRoutes(desired.deployments, { runnerOf, trafficOf: (revision) => traffic.get(revision) });
      const gone = [...runners.values()].filter((runner) => !wanted.has(runner.desired.revision));
      for (const runner of gone) letGo(runner, 30_000);
      applied = desired.version;
      const digests = desired.deployments.flatMap(({ revisions }) => revisions.map(({ digest }) => digest));
      options.modelFiles
        .keepOnly(new Set(digests))
        .catch((error: unknown) => log.warn({ err: error }, 'old model files could not be removed'));
      options.onChange();
    },
    replicas: () =>
      [...runners.values(), ...leaving.keys()].flatMap(({ desired: { revision }, replicas }) =>
        replicas.map((replica) => withoutUndefined({ revision, ...replica.status() })),
      ),
    traffic: () => traffic,
    failures: { list: () => [...failures], forget: (count) => void failures.splice(0, count) },
    async stop() {
      for (const runner of runners.values()) letGo(runner, 1000);
      await Promise.all(leaving.values());
    },
  };
}

type ReportedReplica = AgentReport['replicas'][number];

function withoutUndefined(replica: { [Key in keyof ReportedReplica]: ReportedReplica[Key] | undefined }): ReportedReplica {
  // JSON leaves undefined members out as well; here the comparison of reports needs it.
  return Object.fromEntries(Object.entries(replica).filter(([, value]) => value !== undefined)) as ReportedReplica;
}
