import type { Queryable } from '#kernel/database/index.ts';
import { type Digest, parseDigest } from '#kernel/objects/index.ts';
import type { Watched } from '../model.ts';

/** Labels that came together, as Parquet (id, value, time, source, sequence). Of two labels of a prediction the larger sequence holds. */
export interface LabelFile {
  /** 1, 2, 3, … in the order of arrival within a deployment. */
  readonly sequence: number;
  /** Of the labels as they came: tells a repeated request. */
  readonly content: Digest;
  readonly digest: Digest;
  readonly labels: number;
  /** Labels whose prediction was known when they came, and the times of those predictions. */
  readonly joined: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly receivedAt: number;
}

interface LabelRow {
  project: string;
  deployment: string;
  sequence: number;
  content: string;
  digest: string;
  labels: number;
  joined: number;
  first: number | null;
  last: number | null;
  received_at: number;
}

interface Tables {
  label_files: LabelRow;
}

export async function latestLabelFile(from: Queryable, { project, deployment }: Watched): Promise<LabelFile | undefined> {
  const select = from.query<Tables>().selectFrom('label_files').selectAll().where('project', '=', project);
  const row = await select.where('deployment', '=', deployment).orderBy('sequence', 'desc').limit(1).executeTakeFirst();
  return row && toFile(row);
}

export async function insertLabelFile(tx: Queryable, { project, deployment }: Watched, file: LabelFile): Promise<void> {
  const { sequence, content, digest, labels, joined, first, last, receivedAt } = file;
  const row = {
    project,
    deployment,
    sequence,
    content,
    digest,
    labels,
    joined,
    first: first ?? null,
    last: last ?? null,
    received_at: receivedAt,
  };
  await tx.query<Tables>().insertInto('label_files').values(row).execute();
}

/** Files that may hold labels of predictions in [from, until); all without a range. */
export async function listLabelFiles(
  from: Queryable,
  { project, deployment }: Watched,
  range?: { readonly from: number; readonly until: number },
): Promise<LabelFile[]> {
  let select = from
    .query<Tables>()
    .selectFrom('label_files')
    .selectAll()
    .where('project', '=', project)
    .where('deployment', '=', deployment);
  if (range !== undefined) {
    select = select.where((eb) =>
      eb.or([eb('labels', '>', eb.ref('joined')), eb.and([eb('last', '>=', range.from), eb('first', '<', range.until)])]),
    );
  }
  return (await select.orderBy('sequence').execute()).map(toFile);
}

function toFile({ content, digest, first, last, received_at: receivedAt, sequence, labels, joined }: LabelRow): LabelFile {
  return {
    sequence,
    content: parseDigest(content),
    digest: parseDigest(digest),
    labels,
    joined,
    first: first ?? undefined,
    last: last ?? undefined,
    receivedAt,
  };
}

/** How many there were. */
export async function deleteLabelFiles(tx: Queryable, { project, deployment }: Watched, sequences: readonly number[]): Promise<number> {
  const all = tx.query<Tables>().deleteFrom('label_files').where('project', '=', project).where('deployment', '=', deployment);
  return Number((await all.where('sequence', 'in', sequences).executeTakeFirst()).numDeletedRows);
}

/** How many files are these bytes. */
export async function countLabelFilesOf(from: Queryable, digest: string): Promise<number> {
  const select = from
    .query<Tables>()
    .selectFrom('label_files')
    .select(({ fn }) => fn.countAll<number | string>().as('files'));
  return Number((await select.where('digest', '=', digest).executeTakeFirst())?.files ?? 0);
}
