import { type Database, insertRows, type Queryable } from '#kernel/database/index.ts';
import { gatherNames, type Intern } from './gather-names.ts';
import type { NameKind, TrackingTables } from '../store.ts';

/** Names of metrics, parameters and tags as numbers, so that each is written once per project. */
export interface RunNames {
  /** The names of one kind whose numbers are known here, to look up without waiting; others may exist. It grows as names are found. */
  known(project: string, kind: NameKind): ReadonlyMap<string, number>;
  /** The numbers of those names that exist. */
  find(project: string, kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The numbers of all names, and perhaps of others; new ones are added in a transaction of their own, shared with other calls. */
  intern(project: string, kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The names that have these numbers, of any kind; more may be in the answer. */
  spelled(numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, string>>;
  /** All names of one kind, in order; for completion and column choice. */
  list(project: string, kind: NameKind): Promise<readonly string[]>;
}

const cached = 100_000;
const rowsAtOnce = 500;

export function createRunNames(database: Database): RunNames {
  // A number never changes once its name is committed, so what was read can be kept.
  const kept = new Map<string, Map<string, number>>();
  let size = 0;

  const knownOf = (project: string, kind: NameKind): Map<string, number> => {
    const key = `${kind} ${project}`;
    let names = kept.get(key);
    if (names === undefined) kept.set(key, (names = new Map()));
    return names;
  };

  const keep = (known: Map<string, number>, name: string, number: number): void => {
    if (size >= cached) {
      // Emptied in place: others hold these maps.
      for (const names of kept.values()) names.clear();
      size = 0;
    }
    if (!known.has(name)) size++;
    known.set(name, number);
  };

  const find: RunNames['find'] = async (project, kind, names) => {
    const known = knownOf(project, kind);
    const found = new Map<string, number>();
    const unknown: string[] = [];
    for (const name of new Set(names)) {
      const number = known.get(name);
      if (number === undefined) unknown.push(name);
      else found.set(name, number);
    }
    for (let from = 0; from < unknown.length; from += rowsAtOnce) {
      for (const row of await readNames(database, { project, kind, names: unknown.slice(from, from + rowsAtOnce) })) {
        keep(known, row.name, row.number);
        found.set(row.name, row.number);
      }
    }
    return found;
  };

  const add = async (project: string, kind: NameKind, names: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const found = await find(project, kind, names);
    // In one order everywhere: two servers that add the same names at once must not wait for each other.
    const missing = names.filter((name) => !found.has(name)).toSorted();
    if (missing.length === 0) return found;
    await database.transaction((tx) => addNames(tx, { project, kind, names: [...new Set(missing)] }));
    return find(project, kind, names);
  };

  const gathered = new Map<string, Intern>();
  const gatheredOf = (project: string, kind: NameKind): Intern => {
    const key = `${kind} ${project}`;
    let intern = gathered.get(key);
    if (intern === undefined) gathered.set(key, (intern = gatherNames((names) => add(project, kind, names))));
    return intern;
  };

  let spellings = new Map<number, string>();

  return {
    async spelled(numbers) {
      let unknown = [...numbers].filter((number) => !spellings.has(number));
      if (unknown.length === 0) return spellings;
      if (spellings.size + unknown.length > cached) {
        // Others may hold the one before.
        spellings = new Map();
        unknown = [...numbers];
      }
      const kept = spellings;
      for (let from = 0; from < unknown.length; from += rowsAtOnce)
        for (const row of await readSpellings(database, unknown.slice(from, from + rowsAtOnce))) kept.set(row.number, row.name);
      return kept;
    },
    known: knownOf,
    find,
    async intern(project, kind, names) {
      const known = knownOf(project, kind);
      if (names.every((name) => known.has(name))) return new Map(names.map((name) => [name, known.get(name) ?? 0]));
      return gatheredOf(project, kind)(names);
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

function readSpellings(from: Queryable, numbers: readonly number[]): Promise<{ name: string; number: number }[]> {
  return from.query<TrackingTables>().selectFrom('run_names').select(['name', 'number']).where('number', 'in', numbers).execute();
}

async function addNames(tx: Queryable, { project, kind, names }: NameSet): Promise<void> {
  const rows = names.map((name) => ({ project, kind, name }));
  await insertRows(tx, { into: 'run_names', columns: ['project', 'kind', 'name'], rows, ending: 'on conflict do nothing' });
}
