import { sql } from 'kysely';
import { createIdentity } from '#identity/index.ts';
import { loadConfig } from '#kernel/config/index.ts';
import type { Database } from '#kernel/database/index.ts';
import { systemActor } from '#kernel/events/index.ts';
import { silentLog } from '#kernel/log.ts';
import { openKernel } from '#kernel/open-kernel.ts';
import { type Random, seededRandom } from '#kernel/statistics/index.ts';
import { createTracking, type Tracking } from '#tracking/index.ts';
import { migrations } from '../../src/app.ts';

export const manyRunsProject = 'many';
const context = { actor: systemActor, project: manyRunsProject };
const originals = 1000;

type Facts = Parameters<Tracking['log']>[1];

/** What is logged to the run of that index. */
export type FactsOf = (index: number, random: Random) => Facts;

interface ManyRuns {
  readonly count: number;
  /** Three metrics, three parameters and a tag unless said. */
  readonly facts?: FactsOf;
  /** Twenty unless said. */
  readonly experiments?: number;
  /** SQLite in the home unless said. */
  readonly database?: string | undefined;
}

/**
 * Fills a home, while no server has it, with runs: the first thousand by the commands that clients use, the others as copies of their
 * rows with other ids, times and values.
 */
export async function makeManyRuns(home: string, { count, facts = fewFacts, experiments = 20, database }: ManyRuns): Promise<void> {
  const environment = { RIPEN_HOME: home, ...(database === undefined ? {} : { RIPEN_DATABASE_URL: database }) };
  const { settings } = loadConfig({ environment, directory: home });
  const opened = await openKernel(settings, silentLog);
  const { kernel } = opened;
  try {
    await kernel.database.migrate(migrations);
    const identity = createIdentity({ kernel, auth: 'none' });
    await identity.projects.create(context, { name: manyRunsProject });
    await makeOriginals(createTracking({ kernel, identity: identity.projects }), { facts, experiments, now: kernel.clock.now() });
    await copy(kernel.database, Math.max(0, Math.ceil(count / originals) - 1));
  } finally {
    await opened.close();
  }
}

function fewFacts(index: number, random: Random): Facts {
  const accuracy = random.next();
  const metrics = Object.entries({ accuracy, loss: 1 - accuracy, seconds: 60 * random.next() });
  return {
    metrics: metrics.map(([name, value]) => ({ name, value, step: 1 })),
    parameters: { depth: 1 + (index % 12), rate: random.next(), model: index % 3 === 0 ? 'forest' : 'network' },
    tags: { team: index % 2 === 0 ? 'red' : 'blue' },
  };
}

async function makeOriginals(
  tracking: Tracking,
  { facts, experiments, now }: { readonly facts: FactsOf; readonly experiments: number; readonly now: number },
): Promise<void> {
  const random = seededRandom(3);
  for (let index = 0; index < originals; index++) {
    const start = { project: manyRunsProject, experiment: `family-${index % experiments}`, startedAt: now - (originals - index) * 1000 };
    const { id } = await tracking.startRun(context, start);
    await tracking.log({ project: manyRunsProject, run: id }, facts(index, random));
  }
}

async function copy(database: Database, copies: number): Promise<void> {
  const times = sql`with recursive copies(copy) as (select 1 union all select copy + 1 from copies where copy < ${copies})`;
  const number = sql`number + copy * ${originals}`;
  const run = sql`run + copy * ${originals}`;
  const shifted = sql`value * (0.5 + ((run * 7919 + metric * 104729 + copy * 31) % 10007) / 10007.0)`;
  const statements = [
    sql`insert into runs (number, id, project, experiment, name, state, started_at, started_by, started_by_name, compute_target)
        ${times} select ${number}, id || '-' || copy, project, experiment, name || '-' || copy, state, started_at - copy * 1000000,
        started_by, started_by_name, compute_target from runs, copies`,
    sql`insert into metric_points (run, metric, subject, number, count, points)
        ${times} select ${run}, metric, subject, number, count, points from metric_points, copies`,
    sql`insert into metric_latest (run, metric, subject, step, time, value)
        ${times} select ${run}, metric, subject, step, time, ${shifted} from metric_latest, copies`,
    sql`insert into run_parameters (run, parameter, value, sort_key, number)
        ${times} select ${run}, parameter, value, sort_key, number from run_parameters, copies`,
    sql`insert into run_tags (run, tag, value, sort_key) ${times} select ${run}, tag, value, sort_key from run_tags, copies`,
  ];
  await database.transaction(async (tx) => {
    for (const statement of statements) await statement.execute(tx.query());
  });
}
