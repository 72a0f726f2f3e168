import { sql } from 'kysely';
import { createIdentity } from '#identity/index.ts';
import { loadConfig } from '#kernel/config/index.ts';
import type { Database } from '#kernel/database/index.ts';
import { systemActor } from '#kernel/events/index.ts';
import { silentLog } from '#kernel/log.ts';
import { openKernel } from '#kernel/open-kernel.ts';
import { seededRandom } from '#kernel/statistics/index.ts';
import { createTracking, type Tracking } from '#tracking/index.ts';
import { migrations } from '../../src/app.ts';

export const manyRunsProject = 'many';
const context = { actor: systemActor, project: manyRunsProject };
const originals = 1000;

/**
 * Fills a home, while no server has it, with `count` runs of 3 metrics, 3 parameters and a tag each: the first thousand by the
 * commands that clients use, the others as copies of their rows with other ids, times and values.
 */
export async function makeManyRuns(home: string, count: number): Promise<void> {
  const { settings } = loadConfig({ environment: { RIPEN_HOME: home }, directory: home });
  const opened = await openKernel(settings, silentLog);
  const { kernel } = opened;
  try {
    await kernel.database.migrate(migrations);
    const identity = createIdentity({ kernel, auth: 'none' });
    await identity.projects.create(context, { name: manyRunsProject });
    await makeOriginals(createTracking({ kernel, identity: identity.projects }), kernel.clock.now());
    await copy(kernel.database, Math.max(0, Math.ceil(count / originals) - 1));
  } finally {
    await opened.close();
  }
}

async function makeOriginals(tracking: Tracking, now: number): Promise<void> {
  const random = seededRandom(3);
  for (let index = 0; index < originals; index++) {
    const start = { project: manyRunsProject, experiment: `family-${index % 20}`, startedAt: now - (originals - index) * 1000 };
    const { id } = await tracking.startRun(context, start);
    const accuracy = random.next();
    const metrics = Object.entries({ accuracy, loss: 1 - accuracy, seconds: 60 * random.next() });
    await tracking.log(
      { project: manyRunsProject, run: id },
      {
        metrics: metrics.map(([name, value]) => ({ name, value, step: 1 })),
        parameters: { depth: 1 + (index % 12), rate: random.next(), model: index % 3 === 0 ? 'forest' : 'network' },
        tags: { team: index % 2 === 0 ? 'red' : 'blue' },
      },
    );
  }
}

async function copy(database: Database, copies: number): Promise<void> {
  const times = sql`with recursive copies(copy) as (select 1 union all select copy + 1 from copies where copy < ${copies})`;
  const number = sql`number + copy * ${originals}`;
  const run = sql`run + copy * ${originals}`;
  const shifted = sql`value * (0.5 + abs(random() % 1000000) / 1000000.0)`;
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
