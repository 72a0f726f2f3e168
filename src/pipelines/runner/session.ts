import type { Clock } from '#kernel/clock.ts';
import { asRipenError } from '#kernel/errors.ts';
import type { ChangeContext, EventLog } from '#kernel/events/index.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Jobs } from '#kernel/jobs/index.ts';
import type { Log } from '#kernel/log.ts';
import type { ObjectStore } from '#kernel/objects/index.ts';
import type { Json } from '#kernel/canonical-json.ts';
import type { Data, Projects, Registry, Tracking } from '../collaborators.ts';
import type { Executor } from '../executors/executor.ts';
import type { DatasetPin, PipelineRun, StepFailure, StepRun } from '../model.ts';
import { updateRun } from '../run-store.ts';
import type { Slots } from './slots.ts';
import type { Workspace } from './workspace.ts';

/** What running pipelines needs of the rest of Ripen. */
export interface RunnerDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly home: string;
  readonly events: EventLog;
  readonly objects: ObjectStore;
  readonly jobs: Jobs;
  readonly projects: Projects;
  readonly data: Data;
  readonly tracking: Tracking;
  readonly registry: Registry;
  readonly executor: Executor;
  readonly slots: Slots;
}

/** One pipeline run while it is driven by this server. */
export interface Session {
  readonly deps: RunnerDeps;
  readonly run: PipelineRun;
  readonly context: ChangeContext;
  readonly workspace: Workspace;
  /** By name; each is replaced when it changes. */
  readonly steps: Map<string, StepRun>;
  /** The server stops: leave everything so that the next one can go on. */
  readonly stop: AbortSignal;
  /** A person cancelled the run. */
  readonly cancel: AbortSignal;
  /** Fires with either. */
  readonly end: AbortSignal;
  /** What a dataset reference means in this run, the same for every step. */
  pin(reference: string): Promise<DatasetPin>;
  readonly pins: Readonly<Record<string, DatasetPin>>;
  /** The tracked run of this pipeline run; begun when first asked for. */
  tracked(): Promise<string>;
  /** Undefined while no step has asked for it. */
  trackedNow(): string | undefined;
  /** Folder with the Parquet files of a snapshot. */
  dataset(pin: DatasetPin): Promise<string>;
  restored: Map<string, Promise<string>>;
}

/** The tracked run, once there is one. */
interface TrackedRun {
  id: string | undefined;
}

export function createPins(
  deps: RunnerDeps,
  run: PipelineRun,
  tracked: TrackedRun,
): { pins: Record<string, DatasetPin>; pin: Session['pin'] } {
  const pins: Record<string, DatasetPin> = { ...run.inputs };
  const asked = new Map<string, Promise<DatasetPin>>();
  const resolve = async (reference: string): Promise<DatasetPin> => {
    const { dataset, number, digest, rows } = await deps.data.snapshots.resolve(run.project, reference);
    pins[reference] = { dataset, snapshot: number, digest, rows };
    await deps.events.database.transaction((tx) => updateRun(tx, run.id, { inputs: pins }));
    if (tracked.id !== undefined) await deps.tracking.addInputs(tracked.id, [{ dataset, snapshot: number, digest }]);
    return pins[reference];
  };
  return {
    pins,
    async pin(reference) {
      const known = pins[reference];
      if (known !== undefined) return known;
      const asking = asked.get(reference) ?? resolve(reference);
      asked.set(reference, asking);
      return asking;
    },
  };
}

/** Begins the tracked run once, and remembers it with the pipeline run so that a resumed run goes on with it. */
export function createTracked(
  deps: RunnerDeps,
  run: PipelineRun,
  of: { readonly context: ChangeContext; readonly pins: Readonly<Record<string, DatasetPin>>; readonly tracked: TrackedRun },
): Pick<Session, 'tracked' | 'trackedNow'> {
  let starting: Promise<string> | undefined;
  const begin = async (): Promise<string> => {
    const { id: begun } = await deps.tracking.startRun(of.context, {
      project: run.project,
      experiment: run.pipeline,
      pipelineRun: run.id,
      codeDigest: run.codeDigest,
      environmentDigest: run.environmentDigest,
      commit: run.commit,
      dirty: run.dirty,
      computeTarget: deps.executor.name,
      requestKey: run.id,
      inputs: Object.values(of.pins).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    });
    await deps.events.database.transaction((tx) => updateRun(tx, run.id, { run: begun }));
    of.tracked.id = begun;
    return begun;
  };
  return {
    trackedNow: () => of.tracked.id,
    tracked: () => (of.tracked.id === undefined ? (starting ??= begin()) : Promise.resolve(of.tracked.id)),
  };
}

/** An error as it is kept with a step or a run. */
export function failureOf(thrown: unknown): StepFailure {
  const { code, message, hint, details } = asRipenError(thrown);
  return { code, message, hint, details: details === undefined ? undefined : (JSON.parse(JSON.stringify(details)) as Json) };
}
