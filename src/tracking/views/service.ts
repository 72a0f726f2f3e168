import type { Actor } from '#kernel/events/index.ts';
import type { Change } from '#kernel/events/index.ts';
import { source, type Workshop } from '../service.ts';
import { viewErrors } from './errors.ts';
import { countViews, deleteViewRow, findView, findViewByName, insertView, listViews, type RunViewRow, updateView } from './store.ts';
import type { RunViewTable, RunViewWire } from './wire.ts';

const mostViews = 500;

export interface ViewAddress {
  readonly project: string;
  readonly id: string;
}

export interface ViewChange {
  readonly name?: string | undefined;
  readonly shared?: boolean | undefined;
  readonly table?: RunViewTable | undefined;
}

export type RunViews = ReturnType<typeof createRunViews>;

/** Saved views of the runs table: seen by everybody in the project when shared, else by their owner; changed by the owner alone. */
export function createRunViews(workshop: Pick<Workshop, 'clock' | 'ids' | 'events' | 'database' | 'projects'>) {
  const { database, events, clock, ids, projects } = workshop;

  async function changeOwn<Result>(actor: Actor, { project, id }: ViewAddress, work: (change: Change, row: RunViewRow) => Promise<Result>) {
    return events.change({ actor, project }, async (change) => {
      const row = visible(await findView(change, project, id), actor, { project, id });
      if (row.owner !== actor.id) throw viewErrors['view-not-yours']({ name: row.name, owner: row.owner_name });
      return work(change, row);
    });
  }

  return {
    async list(actor: Actor, name: string): Promise<RunViewWire[]> {
      const { name: project } = await projects.project(name);
      return (await listViews(database, project, actor.id)).map((row) => wireView(row, actor));
    },
    /** @throws `tracking.view-not-found` also for a private view of somebody else */
    async get(actor: Actor, at: ViewAddress): Promise<RunViewWire> {
      return wireView(visible(await findView(database, at.project, at.id), actor, at), actor);
    },
    /** @throws `tracking.view-exists`, `tracking.too-many-views` */
    async create(actor: Actor, name: string, view: { name: string; shared: boolean; table: RunViewTable }): Promise<RunViewWire> {
      const { name: project } = await projects.project(name);
      return events.change({ actor, project }, async (change) => {
        await refuseTaken(change, { project, owner: actor.id, name: view.name });
        if ((await countViews(change, project, actor.id)) >= mostViews) throw viewErrors['too-many-views']({ limit: mostViews });
        const now = clock.now();
        const row: RunViewRow = {
          id: ids.next(),
          project,
          name: view.name,
          shared: view.shared ? 1 : 0,
          owner: actor.id,
          owner_name: actor.name,
          definition: JSON.stringify(view.table),
          created_at: now,
          updated_at: now,
        };
        await insertView(change, row);
        change.emit({ type: 'run.view.created', source, subject: subjectOf(row), data: dataOf(row) });
        return wireView(row, actor);
      });
    },
    /** @throws `tracking.view-not-found`, `tracking.view-not-yours`, `tracking.view-exists` */
    edit: (actor: Actor, at: ViewAddress, edit: ViewChange): Promise<RunViewWire> =>
      changeOwn(actor, at, async (change, row) => {
        const next: RunViewRow = {
          ...row,
          name: edit.name ?? row.name,
          shared: edit.shared === undefined ? row.shared : Number(edit.shared),
          definition: edit.table === undefined ? row.definition : JSON.stringify(edit.table),
          updated_at: clock.now(),
        };
        if (next.name !== row.name) await refuseTaken(change, next);
        const { name, shared, definition, updated_at } = next;
        await updateView(change, row.id, { name, shared, definition, updated_at });
        change.emit({ type: 'run.view.updated', source, subject: subjectOf(row), data: dataOf(next) });
        return wireView(next, actor);
      }),
    /** @throws `tracking.view-not-found`, `tracking.view-not-yours` */
    delete: (actor: Actor, at: ViewAddress): Promise<void> =>
      changeOwn(actor, at, async (change, row) => {
        await deleteViewRow(change, row.id);
        change.emit({ type: 'run.view.deleted', source, subject: subjectOf(row), data: dataOf(row) });
      }),
  };
}

function visible(row: RunViewRow | undefined, actor: Actor, { project, id }: ViewAddress): RunViewRow {
  if (row === undefined || (row.shared === 0 && row.owner !== actor.id)) throw viewErrors['view-not-found']({ view: id, project });
  return row;
}

async function refuseTaken(change: Change, row: Pick<RunViewRow, 'project' | 'owner' | 'name'>): Promise<void> {
  if ((await findViewByName(change, row)) !== undefined) throw viewErrors['view-exists']({ name: row.name });
}

// The log is read by everybody in the project: it keeps the name of a private view to itself.
function dataOf(row: RunViewRow): Record<string, string | boolean> {
  return { view: row.id, shared: row.shared === 1, ...(row.shared === 1 ? { name: row.name } : {}) };
}

function subjectOf(row: RunViewRow): string {
  return `projects/${row.project}/run-views/${row.id}`;
}

function wireView(row: RunViewRow, actor: Actor): RunViewWire {
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    shared: row.shared === 1,
    owner: { id: row.owner, name: row.owner_name },
    mine: row.owner === actor.id,
    // Written by `create` and `edit` from the checked shape.
    table: JSON.parse(row.definition) as RunViewTable,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
