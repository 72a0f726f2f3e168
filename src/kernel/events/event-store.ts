import { sql } from 'kysely';
import { type Database, insertRows, type Queryable } from '../database/index.ts';
import type { Actor, RipenEvent } from './event.ts';
import { emptyTree, type Hash, type TreeHead, type TreeNode } from './merkle.ts';

interface EventRow {
  number: number;
  id: string;
  type: string;
  source: string;
  subject: string;
  time: number;
  actor: string;
  project: string | null;
  data: string;
  leaf_hash: string;
}

interface Tables {
  events: EventRow;
  event_tree: { level: number; position: number; hash: string };
  event_head: { id: number; size: number; peaks: string };
  event_cursors: { subscription: string; number: number };
}

export interface EventFilter {
  readonly project?: string | undefined;
  /** Exact types, or prefixes that end in a dot: `run.`. */
  readonly types?: readonly string[] | undefined;
  /** This subject and everything below it. */
  readonly subject?: string | undefined;
  /** Exclusive lower and inclusive upper number. */
  readonly after?: number | undefined;
  readonly upTo?: number | undefined;
  readonly order?: 'oldest-first' | 'newest-first' | undefined;
  readonly limit?: number | undefined;
}

export interface StoredEvent {
  readonly event: RipenEvent;
  readonly leafHash: Hash;
}

const headId = 1;

/** On PostgreSQL changes take turns, as they do on SQLite: each sees all earlier ones, and numbers have no gaps. */
export async function takeTurn(tx: Queryable): Promise<void> {
  if (tx.dialect === 'postgres') await sql`lock table event_head in exclusive mode`.execute(tx.query());
}

export async function readHead(from: Queryable): Promise<TreeHead> {
  const { rows } = await sql<{ size: number; peaks: string }>`select size, peaks from event_head where id = ${headId}`.execute(
    from.query(),
  );
  const [row] = rows;
  return row === undefined ? emptyTree : { size: row.size, peaks: JSON.parse(row.peaks) as Hash[] };
}

const eventColumns = ['number', 'id', 'type', 'source', 'subject', 'time', 'actor', 'project', 'data', 'leaf_hash'] as const;

export async function insertEvents(
  tx: Queryable,
  stored: readonly StoredEvent[],
  head: TreeHead,
  completed: readonly TreeNode[],
): Promise<void> {
  await insertRows(tx, { into: 'events', columns: eventColumns, rows: stored.map(toRow) });
  await insertRows(tx, { into: 'event_tree', columns: ['level', 'position', 'hash'], rows: completed.map((node) => ({ ...node })) });
  await insertRows(tx, {
    into: 'event_head',
    columns: ['id', 'size', 'peaks'],
    rows: [{ id: headId, size: head.size, peaks: JSON.stringify(head.peaks) }],
    ending: 'on conflict (id) do update set size = excluded.size, peaks = excluded.peaks',
  });
}

export async function findEvents(from: Queryable, filter: EventFilter): Promise<StoredEvent[]> {
  let select = from.query<Tables>().selectFrom('events').selectAll();
  if (filter.project !== undefined) select = select.where('project', '=', filter.project);
  if (filter.after !== undefined) select = select.where('number', '>', filter.after);
  if (filter.upTo !== undefined) select = select.where('number', '<=', filter.upTo);
  const { subject, types } = filter;
  if (subject !== undefined) {
    select = select.where((where) =>
      where.or([where('subject', '=', subject), where.and([where('subject', '>=', `${subject}/`), where('subject', '<', `${subject}0`)])]),
    );
  }
  if (types !== undefined) {
    select = select.where((where) =>
      where.or(
        types.map((type) =>
          type.endsWith('.')
            ? where.and([where('type', '>=', type), where('type', '<', `${type.slice(0, -1)}/`)])
            : where('type', '=', type),
        ),
      ),
    );
  }
  const rows = await select
    .orderBy('number', filter.order === 'newest-first' ? 'desc' : 'asc')
    .limit(filter.limit ?? 1000)
    .execute();
  return rows.map(fromRow);
}

/** The hashes at the given addresses; level 0 is the leaves. What is missing is left out. */
export async function readNodes(from: Queryable, wanted: readonly { level: number; position: number }[]): Promise<TreeNode[]> {
  const query = from.query<Tables>();
  const leaves = wanted.filter((node) => node.level === 0).map((node) => node.position + 1);
  const inner = wanted.filter((node) => node.level > 0);
  const found: TreeNode[] = [];
  if (leaves.length > 0) {
    const rows = await query.selectFrom('events').select(['number', 'leaf_hash']).where('number', 'in', leaves).execute();
    found.push(...rows.map((row) => ({ level: 0, position: row.number - 1, hash: row.leaf_hash })));
  }
  if (inner.length > 0) {
    const rows = await query
      .selectFrom('event_tree')
      .selectAll()
      .where((where) => where.or(inner.map((node) => where.and([where('level', '=', node.level), where('position', '=', node.position)]))))
      .execute();
    found.push(...rows);
  }
  return found;
}

export async function readAllInnerNodes(from: Queryable): Promise<TreeNode[]> {
  return from.query<Tables>().selectFrom('event_tree').selectAll().orderBy('level').orderBy('position').execute();
}

export async function readCursor(database: Database, subscription: string): Promise<number | undefined> {
  const row = await database
    .query<Tables>()
    .selectFrom('event_cursors')
    .select('number')
    .where('subscription', '=', subscription)
    .executeTakeFirst();
  return row?.number;
}

export async function writeCursor(tx: Queryable, subscription: string, number: number): Promise<void> {
  await tx
    .query<Tables>()
    .insertInto('event_cursors')
    .values({ subscription, number })
    .onConflict((conflict) => conflict.column('subscription').doUpdateSet({ number }))
    .execute();
}

function toRow({ event, leafHash }: StoredEvent): EventRow {
  const { actor, data, project, ...rest } = event;
  return { ...rest, actor: JSON.stringify(actor), project: project ?? null, data: JSON.stringify(data), leaf_hash: leafHash };
}

function fromRow({ actor, data, project, leaf_hash: leafHash, ...rest }: EventRow): StoredEvent {
  const event: RipenEvent = {
    ...rest,
    actor: JSON.parse(actor) as Actor,
    project: project ?? undefined,
    data: JSON.parse(data) as RipenEvent['data'],
  };
  return { event, leafHash };
}
