import type { Database, Queryable } from '#kernel/database/index.ts';
import type { NameKind, TrackingTables } from './store.ts';

/** Names of metrics, parameters and tags as numbers, so that each is written once per project. */
export interface RunNames {
  /** The numbers of those names that exist. */
  find(project: string, kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The numbers of all names; new ones are added in a transaction of their own. */
  intern(project: string, kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** All names of one kind, in order; for completion and column choice. */
  list(project: string, kind: NameKind): Promise<readonly string[]>;
}

const cached = 100_000;
const rowsAtOnce = 500;

export function createRunNames(database: Database): RunNames {
  // A number never changes once its name is committed, so what was read can be kept.
  const known = new Map<string, number>();
  const keyOf = (project: string, kind: NameKind, name: string) => `${project}\n${kind}\n${name}`;

  const find: RunNames['find'] = async (project, kind, names) => {
    const found = new Map<string, number>();
    const unknown: string[] = [];
    for (const name of new Set(names)) {
      const number = known.get(keyOf(project, kind, name));
      if (number === undefined) unknown.push(name);
      else found.set(name, number);
    }
    for (let from = 0; from < unknown.length; from += rowsAtOnce) {
      for (const row of await readNames(database, { project, kind, names: unknown.slice(from, from + rowsAtOnce) })) {
        if (known.size >= cached) known.delete(known.keys().next().value ?? '');
        known.set(keyOf(project, kind, row.name), row.number);
        found.set(row.name, row.number);
      }
    }
    return found;
  };

  return {
    find,
    async intern(project, kind, names) {
      const found = await find(project, kind, names);
      // In one order everywhere: two servers that add the same names at once must not wait for each other.
      const missing = [...new Set(names)].filter((name) => !found.has(name)).toSorted();
      if (missing.length === 0) return found;
      await database.transaction((tx) => addNames(tx, { project, kind, names: missing }));
      return find(project, kind, names);
    },
    async list(project, kind) {
      const select = database
        .query<TrackingTables>()
        .selectFrom('run_names')
        .select('name')
        .where('project', '=', project)
        .where('kind', '=', kind);
      return (await select.orderBy('name').execute()).map((row) => row.name);
    },
  };
}

interface NameSet {
  readonly project: string;
  readonly kind: NameKind;
  readonly names: readonly string[];
}

function readNames(from: Queryable, { project, kind, names }: NameSet): Promise<{ name: string; number: number }[]> {
  return from
    .query<TrackingTables>()
    .selectFrom('run_names')
    .select(['name', 'number'])
    .where('project', '=', project)
    .where('kind', '=', kind)
    .where('name', 'in', names)
    .execute();
}

async function addNames(tx: Queryable, { project, kind, names }: NameSet): Promise<void> {
  // `number` is counted up by the database, which the shared table type does not say.
  const query = tx.query<{ run_names: { project: string; kind: NameKind; name: string } }>();
  for (let from = 0; from < names.length; from += rowsAtOnce) {
    const rows = names.slice(from, from + rowsAtOnce).map((name) => ({ project, kind, name }));
    await query
      .insertInto('run_names')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
