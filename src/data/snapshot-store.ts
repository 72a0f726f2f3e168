import type { Queryable } from '#kernel/database/index.ts';
import { type Digest, parseDigest } from '#kernel/objects/index.ts';
import type { Producer, Snapshot } from './model.ts';

interface SnapshotRow {
  project: string;
  dataset: string;
  number: number;
  digest: string;
  producer_kind: string;
  producer_id: string;
  source_digest: string;
  published_at: number;
  record: string;
}

interface Tables {
  dataset_snapshots: SnapshotRow;
  dataset_profiles: { project: string; dataset: string; number: number; digest: string };
}

/** The newest come first; `before` is exclusive. */
export interface Page {
  readonly limit: number;
  readonly before?: number | undefined;
}

export async function insertSnapshot(tx: Queryable, snapshot: Snapshot): Promise<void> {
  const { project, dataset, number, digest, producer, source, publishedAt } = snapshot;
  const row: SnapshotRow = {
    project,
    dataset,
    number,
    digest,
    producer_kind: producer.kind,
    producer_id: producer.id,
    source_digest: source.digest,
    published_at: publishedAt,
    record: JSON.stringify(snapshot),
  };
  await tx.query<Tables>().insertInto('dataset_snapshots').values(row).execute();
}

/** The snapshot of that number, or the newest without one. */
export async function findSnapshot(from: Queryable, project: string, dataset: string, number?: number): Promise<Snapshot | undefined> {
  let select = from
    .query<Tables>()
    .selectFrom('dataset_snapshots')
    .select('record')
    .where('project', '=', project)
    .where('dataset', '=', dataset);
  if (number !== undefined) select = select.where('number', '=', number);
  const row = await select.orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row && toSnapshot(row);
}

export async function listSnapshots(
  from: Queryable,
  { project, dataset }: { project: string; dataset: string },
  page: Page,
): Promise<Snapshot[]> {
  let select = from
    .query<Tables>()
    .selectFrom('dataset_snapshots')
    .select('record')
    .where('project', '=', project)
    .where('dataset', '=', dataset);
  if (page.before !== undefined) select = select.where('number', '<', page.before);
  return (await select.orderBy('number', 'desc').limit(page.limit).execute()).map(toSnapshot);
}

/** The newest snapshot of every dataset of the project that has one. */
export async function newestSnapshots(from: Queryable, project: string): Promise<Snapshot[]> {
  const query = from.query<Tables>();
  const newest = query
    .selectFrom('dataset_snapshots')
    .select(({ fn }) => ['dataset', fn.max('number').as('number')])
    .where('project', '=', project)
    .groupBy('dataset')
    .as('newest');
  const rows = await query
    .selectFrom('dataset_snapshots as s')
    .innerJoin(newest, (join) => join.onRef('newest.dataset', '=', 's.dataset').onRef('newest.number', '=', 's.number'))
    .select('s.record')
    .where('s.project', '=', project)
    .execute();
  return rows.map(toSnapshot);
}

/** What the producer has already published from the same bytes. */
export async function findLoad(
  from: Queryable,
  load: { project: string; dataset: string; producer: Producer; source: Digest },
): Promise<Snapshot | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('dataset_snapshots')
    .select('record')
    .where('project', '=', load.project)
    .where('dataset', '=', load.dataset)
    .where('producer_kind', '=', load.producer.kind)
    .where('producer_id', '=', load.producer.id)
    .where('source_digest', '=', load.source)
    .executeTakeFirst();
  return row && toSnapshot(row);
}

function toSnapshot({ record }: { record: string }): Snapshot {
  // insertSnapshot wrote it.
  return JSON.parse(record) as Snapshot;
}

export async function findProfile(from: Queryable, { project, dataset, number }: Snapshot): Promise<Digest | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('dataset_profiles')
    .select('digest')
    .where('project', '=', project)
    .where('dataset', '=', dataset)
    .where('number', '=', number)
    .executeTakeFirst();
  return row && parseDigest(row.digest);
}

export async function keepProfile(tx: Queryable, { project, dataset, number }: Snapshot, digest: Digest): Promise<void> {
  const row = { project, dataset, number, digest };
  await tx
    .query<Tables>()
    .insertInto('dataset_profiles')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
