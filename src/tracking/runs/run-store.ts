import { sql } from 'kysely';
import { insertRows, type Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import { readFacts } from './fact-store.ts';
import { readInputs } from './input-store.ts';
import { readLatest } from '../metrics/metric-store.ts';
import type { ExperimentId, Run, RunHead, RunId, RunState } from '../model.ts';
import type { RunNames } from '../log/name-store.ts';
import { readRunModels } from './run-model-store.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { RunRow, TrackingTables } from '../store.ts';

export type NewRun = Omit<RunRow, 'number'>;

export interface ExperimentLabel {
  readonly experiment_id: string;
  readonly experiment_name: string;
  readonly experiment_sequence: number;
  readonly experiment_location: string | null;
}

/** A row of `runs` with what is said of its experiment. */
export type LabelledRunRow = RunRow & ExperimentLabel;

const runColumns = [
  'id',
  'project',
  'experiment',
  'name',
  'state',
  'started_at',
  'finished_at',
  'deleted_at',
  'deleted_with_experiment',
  'started_by',
  'started_by_name',
  'pipeline_run',
  'parent_run',
  'git_commit',
  'dirty',
  'code_digest',
  'environment_digest',
  'compute_target',
  'cpu_ms',
  'peak_memory_bytes',
  'request_key',
] as const satisfies readonly (keyof NewRun)[];

/** Adds runs; gives the number of each by its id. */
export async function insertRuns(tx: Queryable, runs: readonly NewRun[]): Promise<ReadonlyMap<string, number>> {
  const insertion = { into: 'runs', columns: runColumns, rows: runs, ending: 'returning id, number' };
  const returned = await insertRows<keyof NewRun, { id: string; number: number }>(tx, insertion);
  return new Map(returned.map(({ id, number }) => [id, number]));
}

export function selectRuns(from: Queryable) {
  return from
    .query<TrackingTables>()
    .selectFrom('runs')
    .innerJoin('experiments', 'experiments.number', 'runs.experiment')
    .selectAll('runs')
    .select([
      'experiments.id as experiment_id',
      'experiments.name as experiment_name',
      'experiments.sequence as experiment_sequence',
      'experiments.artifact_location as experiment_location',
    ]);
}

/** Runs by number. */
export async function readRunRows(from: Queryable, numbers: readonly number[]): Promise<ReadonlyMap<number, LabelledRunRow>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<LabelledRunRow>`select runs.*, experiments.id as experiment_id, experiments.name as experiment_name,
    experiments.sequence as experiment_sequence, experiments.artifact_location as experiment_location
    from runs cross join experiments where experiments.number = runs.experiment and ${isOneOf(sql.ref('runs.number'), numbers, from.dialect)}`.execute(
    from.query(),
  );
  return new Map(rows.map((row) => [row.number, row]));
}

export async function findRun(from: Queryable, run: string, project?: string): Promise<LabelledRunRow | undefined> {
  const row = await selectRuns(from).where('runs.id', '=', run).executeTakeFirst();
  return project === undefined || row?.project === project ? row : undefined;
}

export async function findRunByRequest(from: Queryable, project: string, requestKey: string): Promise<LabelledRunRow | undefined> {
  return selectRuns(from).where('runs.project', '=', project).where('runs.request_key', '=', requestKey).executeTakeFirst();
}

export type RunReference = Pick<RunRow, 'number' | 'id' | 'project' | 'name' | 'state' | 'deleted_at' | 'started_at'>;

/** The run, held until the transaction ends: writers of one run take turns, as they do on SQLite anyway. */
export async function holdRun(tx: Queryable, run: string): Promise<RunReference | undefined> {
  const select = tx
    .query<TrackingTables>()
    .selectFrom('runs')
    .select(['number', 'id', 'project', 'name', 'state', 'deleted_at', 'started_at'])
    .where('id', '=', run);
  return (tx.dialect === 'postgres' ? select.forUpdate() : select).executeTakeFirst();
}

export async function updateRun(tx: Queryable, number: number, change: Partial<NewRun>): Promise<void> {
  await tx.query<TrackingTables>().updateTable('runs').set(change).where('number', '=', number).execute();
}

export async function countFacts(tx: Queryable, run: number): Promise<{ metrics: number; parameters: number }> {
  const query = tx.query<TrackingTables>();
  const count = (table: 'metric_latest' | 'run_parameters') =>
    query
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('run', '=', run)
      .executeTakeFirstOrThrow();
  return { metrics: (await count('metric_latest')).count, parameters: (await count('run_parameters')).count };
}

/** Whole runs in the order of the rows. */
export async function assembleRuns(from: Queryable, names: RunNames, rows: readonly LabelledRunRow[]): Promise<Run[]> {
  const numbers = rows.map((row) => row.number);
  const latest = await readLatest(from, names, numbers);
  const facts = await readFacts(from, names, numbers);
  const inputs = await readInputs(from, numbers);
  const models = await readRunModels(from, numbers);
  return rows.map((row) =>
    runOf(row, {
      metrics: latest.get(row.number) ?? [],
      parameters: facts.get(row.number)?.parameters ?? {},
      tags: facts.get(row.number)?.tags ?? {},
      inputs: inputs.get(row.number) ?? [],
      inputModels: models.get(row.number)?.input ?? [],
      outputModels: models.get(row.number)?.output ?? [],
    }),
  );
}

/** A run with what was read of its other tables. */
export function runOf(row: LabelledRunRow, facts: Omit<Run, keyof RunHead>): Run {
  return { ...facts, ...headOf(row) };
}

/** What stands in the row of a run itself. */
export function headOf(row: LabelledRunRow): RunHead {
  return {
    id: row.id as RunId,
    project: row.project,
    experiment: row.experiment_name,
    experimentId: row.experiment_id as ExperimentId,
    experimentSequence: row.experiment_sequence,
    experimentLocation: row.experiment_location ?? undefined,
    name: row.name,
    state: row.state as RunState,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    deletedAt: row.deleted_at ?? undefined,
    startedBy: JSON.parse(row.started_by) as Actor,
    user: row.started_by_name,
    pipelineRun: row.pipeline_run ?? undefined,
    parentRun: row.parent_run ?? undefined,
    commit: row.git_commit ?? undefined,
    dirty: row.dirty === null ? undefined : row.dirty === 1,
    codeDigest: row.code_digest ?? undefined,
    environmentDigest: row.environment_digest ?? undefined,
    computeTarget: row.compute_target,
    cpuMs: row.cpu_ms ?? undefined,
    peakMemoryBytes: row.peak_memory_bytes ?? undefined,
  };
}
