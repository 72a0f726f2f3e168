import type { Client } from '../../client.ts';
import type { Progress, Task } from '../../progress.ts';
import { countSource } from './count-source.ts';
import { deleteExperiments, importExperiments } from './import-experiments.ts';
import { importLoggedModels } from './import-logged-models.ts';
import { importModels } from './import-models.ts';
import { importRuns } from './import-runs.ts';
import { importTraces } from './import-traces.ts';
import { createTally, type ImportReport } from './report.ts';
import type { ImportSession } from './session.ts';
import type { Source } from './source.ts';

export interface ImportMlflow {
  readonly client: Client;
  readonly project: string;
  readonly base: string;
  readonly source: Source;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
}

/**
 * Brings everything of an MLflow over. What is complete is marked in Ripen, so that a call that was interrupted, or comes later, does only
 * what is new; and whatever is sent twice is there once.
 */
export async function importMlflow(order: ImportMlflow): Promise<ImportReport> {
  const { source, project, dryRun, progress } = order;
  const started = performance.now();
  const tally = createTally({ source: source.address, project, dryRun });
  const about = { client: order.client, project, base: order.base, source, signal: order.signal, tally };
  const experiments: ImportSession['experiments'] = new Map();
  const totals = await source.totals();
  const step = (title: string, work: (session: ImportSession) => Promise<string>, total?: number) =>
    progress.task(title, async (task: Task) => {
      if (total !== undefined) task.update({ done: 0, total, unit: title.toLowerCase() });
      task.result(await work({ ...about, experiments, task }));
    });
  if (dryRun) await step('Counting', countSource);
  else {
    const { counts } = tally.report;
    const said = (count: { source: number; brought: number }) =>
      `${count.source.toLocaleString('en')}, ${count.brought.toLocaleString('en')} new`;
    const each = async (session: ImportSession, work: (session: ImportSession, experiment: string) => Promise<void>) => {
      for (const experiment of experiments.keys()) await work(session, experiment);
    };
    await step('Experiments', async (session) => importExperiments(session).then(() => said(counts.experiments)));
    await step(
      'Logged models',
      async (session) => each(session, importLoggedModels).then(() => said(counts.loggedModels)),
      totals.loggedModels,
    );
    await step('Runs', async (session) => each(session, importRuns).then(() => said(counts.runs)), totals.runs);
    await step('Traces', async (session) => each(session, importTraces).then(() => said(counts.traces)), totals.traces);
    await step('Models', async (session) => importModels(session).then(() => said(counts.models)), totals.models);
    await step('Deletions', async (session) => deleteExperiments(session).then(() => ''));
  }
  tally.report.durationMs = Math.round(performance.now() - started);
  return tally.report;
}
