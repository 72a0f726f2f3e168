import { sql } from 'kysely';
import { insertRows, type Queryable, readRows } from '#kernel/database/index.ts';
import type { RunNames } from '../log/name-store.ts';
import { isOneOf } from '../search/compare-store.ts';
import { sortKey, type TrackingTables } from '../store.ts';

/** Sets tags of runs; each tag of a run once. */
export async function setTags(tx: Queryable, tags: readonly { run: number; tag: number; value: string }[]): Promise<void> {
  await insertRows(tx, {
    into: 'run_tags',
    columns: ['run', 'tag', 'value', 'sort_key'],
    rows: tags.map(({ run, tag, value }) => ({ run, tag, value, sort_key: sortKey(value) })),
    ending: 'on conflict (run, tag) do update set value = excluded.value, sort_key = excluded.sort_key',
  });
}

export async function readTag(from: Queryable, run: number, tag: number): Promise<string | undefined> {
  const select = from.query<TrackingTables>().selectFrom('run_tags').select('value').where('run', '=', run).where('tag', '=', tag);
  return (await select.executeTakeFirst())?.value;
}

interface Facts {
  readonly parameters: Record<string, string>;
  readonly tags: Record<string, string>;
}

type FactColumns = readonly [run: number, name: number, value: string];

/** Parameters and tags of the given runs, by run. */
export async function readFacts(from: Queryable, names: RunNames, runs: readonly number[]): Promise<ReadonlyMap<number, Facts>> {
  // Without a prototype, so that a parameter may have any name.
  const facts = new Map<number, Facts>(runs.map((run) => [run, { parameters: emptyRecord(), tags: emptyRecord() }]));
  if (runs.length === 0) return facts;
  const listed = isOneOf(sql.ref('run'), runs, from.dialect);
  const parameters = await readRows<FactColumns>(from, ['run', 'parameter', 'value'], sql`from run_parameters where ${listed}`);
  const tags = await readRows<FactColumns>(from, ['run', 'tag', 'value'], sql`from run_tags where ${listed}`);
  const spelled = await names.spelled(new Set([...parameters, ...tags].map(([, name]) => name)));
  for (const [run, name, value] of parameters) (facts.get(run)?.parameters ?? {})[spelled.get(name) ?? ''] = value;
  for (const [run, name, value] of tags) (facts.get(run)?.tags ?? {})[spelled.get(name) ?? ''] = value;
  return facts;
}

function emptyRecord(): Record<string, string> {
  // TypeScript gives Object.create the type any.
  return Object.create(null) as Record<string, string>;
}
