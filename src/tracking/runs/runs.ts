import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { trackingErrors } from '../errors.ts';
import type { Run } from '../model.ts';
import { assembleRuns, findRun, holdRun, type LabelledRunRow, type RunReference } from './run-store.ts';
import type { Workshop } from '../service.ts';

/** A run by its id; with `project` only when it is there. */
export interface RunAddress {
  readonly run: string;
  readonly project?: string | undefined;
}

/** @throws `tracking.run-not-found` */
export async function getRun(workshop: Workshop, { run, project }: RunAddress): Promise<Run> {
  const row = await findRun(workshop.database, run, project);
  if (row === undefined) throw trackingErrors['run-not-found']({ run, project });
  return assembleOne(workshop, row);
}

/** @throws `tracking.run-not-found` also when the run is in another project */
export function required<Row extends { readonly project: string }>(row: Row | undefined, { run, project }: RunAddress): Row {
  if (row === undefined || (project !== undefined && row.project !== project)) throw trackingErrors['run-not-found']({ run, project });
  return row;
}

/** Runs `work` on a run that is not deleted, held by the change. */
export async function changeRun(
  workshop: Workshop,
  context: ChangeContext,
  address: RunAddress,
  work: (change: Change, run: RunReference) => Promise<void>,
): Promise<Run> {
  const { project } = required(await findRun(workshop.database, address.run, address.project), address);
  await workshop.events.change({ ...context, project }, async (change) => {
    const run = required(await holdRun(change, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await work(change, run);
  });
  return getRun(workshop, address);
}

export async function assembleOne(workshop: Workshop, row: LabelledRunRow): Promise<Run> {
  const [run] = await assembleRuns(workshop.database, workshop.names, [row]);
  return required(run, { run: row.id });
}
