import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import { endRun } from './finish-run.ts';
import { actionsTo, type RunAction, type RunHead, type RunOutcome, type RunState, transition } from '../model.ts';
import { checkName } from '../names.ts';
import { findRun, headOf, holdRun, type RunReference, updateRun } from './run-store.ts';
import { required, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from '../service.ts';

/** How a client says that its run stands; what is left out stays as it is. */
export interface RunReport {
  readonly name?: string | undefined;
  readonly state?: Exclude<RunState, 'created'> | undefined;
  /** Epoch ms. */
  readonly finishedAt?: number | undefined;
  readonly user?: string | undefined;
  /** null takes it away. */
  readonly parentRun?: string | null | undefined;
  readonly commit?: string | null | undefined;
}

const outcomes = { finish: 'finished', fail: 'failed', kill: 'killed' } as const satisfies Partial<Record<RunAction, RunOutcome>>;

/**
 * Brings a run to the state that its client reports, whatever it was: an ended run is reopened first, so that the event log
 * tells each step. Reporting the same again changes nothing. @throws `tracking.run-deleted`, `tracking.name-invalid`
 */
export async function reportRun(workshop: Workshop, context: ChangeContext, address: RunAddress & { report: RunReport }): Promise<RunHead> {
  const { report } = address;
  if (report.name !== undefined) checkName('a run', report.name);
  for (const [what, value] of Object.entries({
    'a person': report.user,
    'a parent run': report.parentRun,
    'a commit': report.commit,
  })) {
    if (value != null) checkName(what, value);
  }
  const { project } = await workshop.runs.find(address);
  return workshop.events.change({ ...context, project }, async (change) => {
    const run = required(await holdRun(change, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await describe(change, run, report);
    await progress(change, run, { report, workshop });
    return headOf(required(await findRun(change, run.id), address));
  });
}

async function progress(change: Change, run: RunReference, { report, workshop }: { report: RunReport; workshop: Workshop }): Promise<void> {
  const { state, finishedAt } = report;
  const actions = state === undefined ? [] : actionsTo(run.state as RunState, state);
  let at = run;
  for (const action of actions) at = await step(change, at, { action, report, workshop });
  const stillOpen = state === 'running' || state === 'scheduled';
  if (finishedAt !== undefined && actions.length === 0 && !stillOpen)
    await updateRun(change, run.number, { finished_at: Math.max(finishedAt, run.started_at) });
}

async function step(
  change: Change,
  run: RunReference,
  { action, report, workshop }: { action: RunAction; report: RunReport; workshop: Workshop },
): Promise<RunReference> {
  if (action === 'finish' || action === 'fail' || action === 'kill') {
    return endRun(change, run, { end: { outcome: outcomes[action], finishedAt: report.finishedAt }, clock: workshop.clock });
  }
  const state = transition(run.id, run.state as RunState, action);
  await updateRun(change, run.number, { state, finished_at: null });
  if (action === 'reopen') change.emit({ type: 'run.reopened', source, subject: runSubject(run), data: { run: run.id, from: run.state } });
  if (action === 'schedule') change.emit({ type: 'run.scheduled', source, subject: runSubject(run), data: { run: run.id } });
  return { ...run, state };
}

async function describe(change: Change, run: RunReference, { name, user, parentRun, commit }: RunReport): Promise<void> {
  const facts = {
    ...(user === undefined ? {} : { started_by_name: user }),
    ...(parentRun === undefined ? {} : { parent_run: parentRun }),
    ...(commit === undefined ? {} : { git_commit: commit }),
  };
  const renamed = name !== undefined && name !== run.name;
  if (renamed) change.emit({ type: 'run.renamed', source, subject: runSubject(run), data: { run: run.id, name, from: run.name } });
  if (renamed || Object.keys(facts).length > 0) await updateRun(change, run.number, { ...facts, ...(renamed ? { name } : {}) });
}
