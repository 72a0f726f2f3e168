import type { Queryable } from '#kernel/database/index.ts';
import { parseDigest } from '#kernel/objects/index.ts';
import type { PredictionFile, Watched } from '../model.ts';

/** One upload of an agent, as it was answered. */
export interface PredictionSegment {
  readonly segment: string;
  readonly predictions: number;
  /** Lines that were no predictions. */
  readonly corrupt: number;
  /** Predictions whose event time could not be and was replaced by the time of the answer. */
  readonly misdated: number;
  /** What was wrong with the first corrupt line. */
  readonly problem: string | undefined;
}

export interface Source extends Watched {
  readonly environment: string;
}

interface FileRow {
  id: string;
  project: string;
  environment: string;
  deployment: string;
  digest: string;
  rows: number;
  first: number;
  last: number;
  columns: string;
  damaged: number;
}

interface SegmentRow {
  project: string;
  environment: string;
  deployment: string;
  segment: string;
  predictions: number;
  corrupt: number;
  misdated: number;
  problem: string | null;
  received_at: number;
}

interface Tables {
  prediction_segments: SegmentRow;
  prediction_files: FileRow;
}

export async function findSegment(from: Queryable, source: Source, segment: string): Promise<PredictionSegment | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('prediction_segments')
    .select(['segment', 'predictions', 'corrupt', 'misdated', 'problem'])
    .where('project', '=', source.project)
    .where('environment', '=', source.environment)
    .where('deployment', '=', source.deployment)
    .where('segment', '=', segment)
    .executeTakeFirst();
  return row && { ...row, problem: row.problem ?? undefined };
}

/** Whether it was new. */
export async function insertSegment(tx: Queryable, source: Source, segment: PredictionSegment, receivedAt: number): Promise<boolean> {
  const { project, environment, deployment } = source;
  const row = { project, environment, deployment, ...segment, problem: segment.problem ?? null, received_at: receivedAt };
  const done = await tx
    .query<Tables>()
    .insertInto('prediction_segments')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export interface ReceivedTotals {
  readonly segments: number;
  readonly predictions: number;
  readonly corrupt: number;
  readonly misdated: number;
  readonly lastReceivedAt: number | undefined;
  readonly lastProblem: string | undefined;
}

/** What has come in so far. */
export async function receivedTotals(from: Queryable, { project, environment, deployment }: Source): Promise<ReceivedTotals> {
  const all = from
    .query<Tables>()
    .selectFrom('prediction_segments')
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('deployment', '=', deployment);
  const sums = await all
    .select(({ fn }) => [
      fn.countAll<number | string>().as('segments'),
      fn.sum<number | string | null>('predictions').as('predictions'),
      fn.sum<number | string | null>('corrupt').as('corrupt'),
      fn.sum<number | string | null>('misdated').as('misdated'),
      fn.max<number | null>('received_at').as('last'),
    ])
    .executeTakeFirstOrThrow();
  const problem = await all.select('problem').where('problem', 'is not', null).orderBy('received_at', 'desc').limit(1).executeTakeFirst();
  return {
    segments: Number(sums.segments),
    predictions: Number(sums.predictions ?? 0),
    corrupt: Number(sums.corrupt ?? 0),
    misdated: Number(sums.misdated ?? 0),
    lastReceivedAt: sums.last ?? undefined,
    lastProblem: problem?.problem ?? undefined,
  };
}

export async function insertFile(tx: Queryable, source: Source, file: PredictionFile): Promise<void> {
  const { id, digest, rows, first, last, inputs, outputs } = file;
  const { project, environment, deployment } = source;
  const columns = JSON.stringify({ inputs, outputs });
  const row: FileRow = { id, project, environment, deployment, digest, rows, first, last, columns, damaged: 0 };
  await tx.query<Tables>().insertInto('prediction_files').values(row).execute();
}

/** Files with predictions in [from, until); all without bounds. Damaged ones are left out. */
export async function listFiles(
  from: Queryable,
  source: Source,
  range?: { readonly from: number; readonly until: number },
): Promise<PredictionFile[]> {
  let select = from
    .query<Tables>()
    .selectFrom('prediction_files')
    .selectAll()
    .where('project', '=', source.project)
    .where('environment', '=', source.environment)
    .where('deployment', '=', source.deployment)
    .where('damaged', '=', 0);
  if (range !== undefined) select = select.where('last', '>=', range.from).where('first', '<', range.until);
  return (await select.orderBy('first').orderBy('id').execute()).map(toFile);
}

function toFile({ id, digest, rows, first, last, columns }: FileRow): PredictionFile {
  // insertFile wrote it.
  const { inputs, outputs } = JSON.parse(columns) as Pick<PredictionFile, 'inputs' | 'outputs'>;
  return { id, digest: parseDigest(digest), rows, first, last, inputs, outputs };
}

/** The time of the latest prediction, of those in files that end before `before`. */
export async function latestPrediction(
  from: Queryable,
  { project, environment, deployment }: Source,
  before: number = Number.MAX_SAFE_INTEGER,
): Promise<number | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('prediction_files')
    .select(({ fn }) => fn.max<number | null>('last').as('last'))
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('deployment', '=', deployment)
    .where('last', '<', before)
    .executeTakeFirst();
  return row?.last ?? undefined;
}

export async function markDamaged(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query<Tables>().updateTable('prediction_files').set({ damaged: 1 }).where('id', 'in', ids).execute();
}

export async function countDamaged(from: Queryable, { project, environment, deployment }: Source): Promise<number> {
  const row = await from
    .query<Tables>()
    .selectFrom('prediction_files')
    .select(({ fn }) => fn.countAll<number | string>().as('files'))
    .where('project', '=', project)
    .where('environment', '=', environment)
    .where('deployment', '=', deployment)
    .where('damaged', '=', 1)
    .executeTakeFirst();
  return Number(row?.files ?? 0);
}

/** How many there were; fewer than asked when another took them meanwhile. */
export async function deleteFiles(tx: Queryable, ids: readonly string[]): Promise<number> {
  const done = await tx.query<Tables>().deleteFrom('prediction_files').where('id', 'in', ids).executeTakeFirst();
  return Number(done.numDeletedRows);
}

/** How many files are these bytes. */
export async function countFilesOf(from: Queryable, digest: string): Promise<number> {
  const select = from
    .query<Tables>()
    .selectFrom('prediction_files')
    .select(({ fn }) => fn.countAll<number | string>().as('files'));
  return Number((await select.where('digest', '=', digest).executeTakeFirst())?.files ?? 0);
}
