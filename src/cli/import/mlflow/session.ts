import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { RipenError } from '#kernel/errors.ts';
import type { MarkKindWire } from '#tracking/index.ts';
import type { Client } from '../../client.ts';
import type { Task } from '../../progress.ts';
import type { Tally } from './report.ts';
import type { Source } from './source.ts';

/** What every part of an import works with. */
export interface ImportSession {
  readonly client: Client;
  readonly project: string;
  /** `/api/v1/projects/<project>` */
  readonly base: string;
  readonly source: Source;
  readonly tally: Tally;
  /** Where each experiment of the source is in Ripen. */
  readonly experiments: Map<string, ImportPlace>;
  readonly task: Task;
  readonly signal: AbortSignal;
}

export interface ImportPlace {
  readonly sequence: number;
  readonly name: string;
  readonly imported: boolean;
  readonly deleted: boolean;
  readonly deletedAtSource: boolean;
  readonly updatedAtSource: number;
}

const patienceMs = 120_000;
const firstPauseMs = 200;
const longestPauseMs = 5000;

/** Does a thing until the server takes it: it may restart, or have too much to do. Everything that is sent may be sent again. */
export async function insist<Result>(session: Pick<ImportSession, 'signal'>, work: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + patienceMs;
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
    session.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof RipenError && (error.kind === 'unavailable' || error.kind === 'overloaded');
      if (!passing || performance.now() + pause > until) throw error;
      await wait(pause, undefined, { signal: session.signal });
    }
  }
}

export function post<Result>(session: ImportSession, path: string, body: unknown): Promise<Result> {
  return insist(session, () => session.client.post<Result>(`${session.base}/imports/${path}`, body));
}

/** A mark says of which state of the source something was brought over, and how much that was. */
export interface Mark {
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
}

export async function findMarks(session: ImportSession, kind: MarkKindWire, ids: readonly string[]): Promise<ReadonlyMap<string, Mark>> {
  const { marks } = await post<{ marks: Record<string, string> }>(session, 'marks/find', { source: session.source.address, kind, ids });
  return new Map(Object.entries(marks).map(([id, mark]) => [id, JSON.parse(mark) as Mark]));
}

export async function setMarks(session: ImportSession, kind: MarkKindWire, marks: ReadonlyMap<string, Mark>): Promise<void> {
  if (marks.size === 0) return;
  const written = Object.fromEntries([...marks].map(([id, mark]) => [id, JSON.stringify(mark)]));
  await post(session, 'marks', { source: session.source.address, kind, marks: written });
}

/** One short text for a state of the source; it differs when anything of it does. */
export function stateOf(...facts: readonly unknown[]): string {
  const text = JSON.stringify(facts, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** Items in groups of at most `size`. */
export async function* inGroups<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Does work for each item, some at a time. */
export async function eachAtOnce<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
