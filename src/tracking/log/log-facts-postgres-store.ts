import type { PostgresConnection } from '#kernel/database/index.ts';
import type { RipenError } from '#kernel/errors.ts';
import type { LogEntry } from './log-entry.ts';
import { parameterChanged } from './log-rows.ts';
import { numberOf } from '../names.ts';
import { sortKey } from '../store.ts';

/** Writes the parameters and tags of entries in their order; returns those that were refused, of which nothing was written. */
export async function writeFactsOnPostgres(
  connection: PostgresConnection,
  entries: readonly LogEntry[],
): Promise<ReadonlyMap<LogEntry, RipenError>> {
  const refused = new Map<LogEntry, RipenError>();
  if (entries.every(({ batch }) => batch === undefined)) return refused;
  const kept = await readKept(connection, entries);
  const fresh: Fact[] = [];
  const tags = new Map<string, Fact>();
  const removed = new Map<string, Omit<Fact, 'value'>>();
  for (const entry of entries) {
    const { run, batch } = entry;
    if (batch === undefined) continue;
    const problem = refusalOf(entry, kept);
    if (problem !== undefined) {
      refused.set(entry, problem);
      continue;
    }
    for (const { number, value } of batch.parameters) {
      const key = `${run.number} ${number}`;
      if (!kept.has(key)) fresh.push({ run: run.number, number, value });
      kept.set(key, value);
    }
    for (const { number, value } of batch.tags) {
      removed.delete(`${run.number} ${number}`);
      tags.set(`${run.number} ${number}`, { run: run.number, number, value });
    }
    for (const number of batch.removedTags) {
      tags.delete(`${run.number} ${number}`);
      removed.set(`${run.number} ${number}`, { run: run.number, number });
    }
  }
  if (fresh.length > 0) await insertParameters(connection, fresh);
  if (tags.size > 0) await upsertTags(connection, [...tags.values()]);
  if (removed.size > 0) await deleteTags(connection, [...removed.values()]);
  return refused;
}

interface Fact {
  readonly run: number;
  readonly number: number;
  readonly value: string;
}

function refusalOf({ run, batch }: LogEntry, kept: ReadonlyMap<string, string>): RipenError | undefined {
  for (const { name, number, value } of batch?.parameters ?? []) {
    const before = kept.get(`${run.number} ${number}`);
    if (before !== undefined && before !== value) return parameterChanged(run.id, name, { kept: before, attempted: value });
  }
  return undefined;
}

/** The parameters of the entries that have a value already, by run and number. */
async function readKept(connection: PostgresConnection, entries: readonly LogEntry[]): Promise<Map<string, string>> {
  const wanted = entries.flatMap(({ run, batch }) => (batch?.parameters ?? []).map(({ number }) => [run.number, number] as const));
  if (wanted.length === 0) return new Map();
  const select = {
    name: 'tracking-kept-parameters',
    text: `select run, parameter, value from run_parameters
      where (run, parameter) in (select * from unnest($1::bigint[], $2::int[]))`,
  };
  const rows = await connection.query<{ run: number; parameter: number; value: string }>(select, [
    wanted.map(([run]) => run),
    wanted.map(([, parameter]) => parameter),
  ]);
  return new Map(rows.map(({ run, parameter, value }) => [`${run} ${parameter}`, value]));
}

async function insertParameters(connection: PostgresConnection, facts: readonly Fact[]): Promise<void> {
  const insert = {
    name: 'tracking-insert-parameters',
    text: `insert into run_parameters (run, parameter, value, sort_key, number)
      select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::float8[])`,
  };
  await connection.query(insert, [...columnsOf(facts), facts.map(({ value }) => numberOf(value) ?? null)]);
}

async function upsertTags(connection: PostgresConnection, facts: readonly Fact[]): Promise<void> {
  const upsert = {
    name: 'tracking-upsert-tags',
    text: `insert into run_tags (run, tag, value, sort_key) select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[])
      on conflict (run, tag) do update set value = excluded.value, sort_key = excluded.sort_key`,
  };
  await connection.query(upsert, columnsOf(facts));
}

async function deleteTags(connection: PostgresConnection, facts: readonly Omit<Fact, 'value'>[]): Promise<void> {
  const remove = {
    name: 'tracking-delete-tags',
    text: 'delete from run_tags where (run, tag) in (select * from unnest($1::bigint[], $2::int[]))',
  };
  await connection.query(remove, [facts.map(({ run }) => run), facts.map(({ number }) => number)]);
}

function columnsOf(facts: readonly Fact[]): [number[], number[], string[], string[]] {
  return [
    facts.map(({ run }) => run),
    facts.map(({ number }) => number),
    facts.map(({ value }) => value),
    facts.map(({ value }) => sortKey(value)),
  ];
}
