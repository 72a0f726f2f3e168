import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { endRun } from './finish-run.ts';
import { actionsTo, type Run, type RunAction, type RunOutcome, type RunState, transition } from './model.ts';
import { checkName } from './names.ts';
import { type RunReference, updateRun } from './run-store.ts';
import { changeRun, type RunAddress } from './runs.ts';
import { runSubject, source, type Workshop } from './service.ts';

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
export async function reportRun(workshop: Workshop, context: ChangeContext, address: RunAddress & { report: RunReport }): Promise<Run> {
  const { report } = address;
  if (report.name !== undefined) checkName('a run', report.name);
  for (const [what, value] of Object.entries({
    'a person': report.user,
    'a parent run': report.parentRun,
    'a commit': report.commit,
  })) {
    if (value != null) checkName(what, value);
  }
  return changeRun(workshop, context, address, async (change, run) => {
    await describe(change, run, report);
    let at = run;
    for (const action of report.state === undefined ? [] : actionsTo(run.state as RunState, report.state)) {
      at = await step(change, at, { action, report, workshop });
    }
    const ended = at.state !== 'running' && at.state !== 'scheduled';
    if (report.finishedAt !== undefined && (ended || report.state === undefined))
      await updateRun(change, run.number, { finished_at: Math.max(report.finishedAt, run.started_at) });
  });
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
