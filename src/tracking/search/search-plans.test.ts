import assert from 'node:assert/strict';
import { CompiledQuery, createQueryId, type RootOperationNode, sql } from 'kysely';
import { manualClock } from '#kernel/clock.ts';
import type { Database, Queryable } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { runCondition, runOrders } from '../mlflow/search/index.ts';
import { createRunNames } from '../log/name-store.ts';
import { sets } from '../testing.ts';
import { searchRuns } from './search-store.ts';
import { createStatistics } from './statistics-store.ts';

const runs = 20_000;

/** Rows made by the database itself: run `i` has the metric `loss` = i / runs, the parameter `kind` = i % 3 and the tag `team` = i % 100. */
async function grow(database: Database): Promise<void> {
  const fact = (table: string, kind: string, value: string) =>
    `insert into run_${table} (run, ${kind}, value, sort_key) select r.number, n.number, ${value}, ${value}
      from runs r join run_names n on n.kind = '${kind}'`;
  const statements = [
    ...(database.dialect === 'postgres'
      ? ['runs', 'metric_latest'].map((table) => `alter table ${table} set (autovacuum_enabled = false)`)
      : []),
    `insert into experiments (id, project, name, sequence, created_at, updated_at) values ('e1', 'flights', 'a', 1, 1, 1), ('e2', 'flights', 'b', 2, 1, 1)`,
    `insert into run_names (project, kind, name) values ('flights', 'metric', 'loss'), ('flights', 'parameter', 'kind'), ('flights', 'tag', 'team')`,
    `insert into runs (id, project, experiment, name, state, started_at, started_by, started_by_name, compute_target)
      with recursive counted(i) as (select 1 union all select i + 1 from counted where i < ${runs})
      select 'run' || i, 'flights', case when i % 1000 = 0 then 2 else 1 end, 'run ' || i, 'finished', i, '{}', 'Ripen', 'local' from counted`,
    `insert into metric_latest (run, metric, step, time, value, subject) select r.number, n.number, 0, 0, r.number / ${runs}.0, 0
      from runs r join run_names n on n.kind = 'metric'`,
    fact('parameters', 'parameter', 'cast(r.number % 3 as text)'),
    fact('tags', 'tag', 'cast(r.number % 100 as text)'),
  ];
  await database.transaction(async (tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx.query());
  });
}

/** A database that notes the plans of pages. What counts and samples before them stops by itself after some hundred rows. */
function noting(database: Database): { readonly from: Queryable; readonly plans: () => Promise<string> } {
  const nodes: RootOperationNode[] = [];
  const plugin = {
    transformQuery: ({ node }: { node: RootOperationNode }) => (nodes.push(node), node),
    transformResult: async <Result>({ result }: { result: Result }) => result,
  };
  return {
    from: { dialect: database.dialect, query: <Tables>() => database.query<Tables>().withPlugin(plugin) },
    plans: async () => {
      const query = database.query();
      const lines: string[] = [];
      for (const node of nodes) {
        const { sql: text, parameters } = query.getExecutor().compileQuery(node, createQueryId());
        if (!text.startsWith('select runs.number as number')) continue;
        const explain = database.dialect === 'sqlite' ? 'explain query plan' : 'explain';
        const { rows } = await query.executeQuery<Record<string, unknown>>(CompiledQuery.raw(`${explain} ${text}`, [...parameters]));
        lines.push(...rows.map((row) => String(row['detail'] ?? row['QUERY PLAN'])));
      }
      return lines.join('\n');
    },
  };
}

interface Asked {
  readonly filter?: string;
  readonly order?: readonly string[];
  readonly experiments?: readonly number[];
  readonly finds: number;
  /** It comes in the order of an index, so that the first hundred end it. */
  readonly walked?: true;
}

const searches: Readonly<Record<string, Asked>> = {
  'the newest runs': { walked: true, finds: 100 },
  'the newest runs of several experiments': { walked: true, experiments: [1, 2], finds: 100 },
  'a small experiment by metric': { experiments: [2], order: ['metrics.loss DESC'], finds: 20 },
  'a metric that half of the runs fit': { walked: true, filter: 'metrics.loss > 0.5', finds: 100 },
  'a metric that few runs fit': { filter: 'metrics.loss < 0.001', finds: 19 },
  'a param': { walked: true, filter: "params.kind = '1'", finds: 100 },
  'a metric and a param that exclude each other in front': { filter: "metrics.loss < 0.1 and params.kind = '1'", finds: 100 },
  'a tag': { filter: "tags.team = '77'", finds: 100 },
  'the order of a metric': { walked: true, order: ['metrics.loss ASC'], finds: 100 },
  'the order of a metric among those with a param': { walked: true, order: ['metrics.loss DESC'], filter: "params.kind = '1'", finds: 100 },
  ids: { filter: "run_id IN ('run7', 'run9')", finds: 2 },
};

/** Reading a whole table; sorting everything that an index would have given in order. */
const wholeSort = /TEMP B-TREE FOR ORDER BY|(?:^|-> +)Sort {2}/m;
const wholeTables = /SCAN (?:runs|o|f|r)\b(?! USING (?:COVERING )?INDEX)|Seq Scan on (?:runs|metric_latest|run_parameters|run_tags)\b/;

testOnEachDatabase(
  'searches use indexes from the first one after many runs came in, and deep pages as first ones',
  sets,
  async (database) => {
    await grow(database);
    await createStatistics(database, manualClock()).refresh();
    const names = createRunNames(database);
    const numbers = new Map<string, number>();
    for (const [kind, name] of [
      ['metric', 'loss'],
      ['parameter', 'kind'],
      ['tag', 'team'],
    ] as const)
      numbers.set(name, (await names.find('flights', kind, [name])).get(name) ?? 0);
    const context = { dialect: database.dialect, numberOf: ({ name }: { name: string }) => numbers.get(name) };
    for (const [what, { filter = '', order = [], experiments = [1], finds, walked }] of Object.entries(searches)) {
      const { from, plans } = noting(database);
      const criteria = { project: 'flights', experiments, condition: runCondition(filter), lifecycle: 'active' } as const;
      const page = { orders: runOrders(order), context, limit: 100 };
      assert.equal((await searchRuns(from, criteria, page)).length, finds, what);
      const plan = await plans();
      assert.ok(plan !== '', what);
      assert.doesNotMatch(plan, wholeTables, `${what}\n${plan}`);
      if (walked === true) assert.doesNotMatch(plan, wholeSort, `${what}\n${plan}`);
    }
    for (const order of [[], ['metrics.loss DESC'], ['metrics.loss']]) {
      const criteria = { project: 'flights', experiments: [1], lifecycle: 'active' } as const;
      const page = { orders: runOrders(order), context, limit: 100 };
      const middle = (await searchRuns(database, criteria, { ...page, skip: 10_000, limit: 1 }))[0];
      const { from, plans } = noting(database);
      const deep = await searchRuns(from, criteria, { ...page, after: middle?.place });
      assert.equal(deep.length, 100);
      const plan = await plans();
      assert.doesNotMatch(plan, wholeTables, plan);
      // The place is a bound of the index, and no row before it is read.
      const bound = order.length === 0 ? /started_at<\?|started_at <= /i : /value[<>]\?|value [<>]= /i;
      assert.match(plan, bound);
    }
  },
);
