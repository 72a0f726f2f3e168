import { RipenError } from '#kernel/errors.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import { markRun } from '../runs/edit-run.ts';
import { logBatch } from '../log/log.ts';
import { findRunRows, type RunSearch } from '../search/search-runs.ts';
import type { Workshop } from '../service.ts';
import type { BulkResultWire } from './wire.ts';

export interface BulkChange {
  readonly project: string;
  readonly runs: readonly string[];
  readonly change: 'delete' | 'restore' | 'tag';
  readonly tags?: Readonly<Record<string, string | null>> | undefined;
}

/** The same change to many runs, each for itself: one that cannot be changed holds up no other, and is told. */
export async function changeRuns(workshop: Workshop, context: ChangeContext, bulk: BulkChange): Promise<BulkResultWire> {
  const failed: BulkResultWire['failed'] = [];
  let changed = 0;
  for (const run of new Set(bulk.runs)) {
    try {
      await changeOne(workshop, context, { ...bulk, run });
      changed++;
    } catch (error) {
      if (!(error instanceof RipenError) || error.kind === 'internal' || error.kind === 'unavailable') throw error;
      failed.push({ run, code: error.code, detail: error.message });
    }
  }
  return { changed, failed };
}

async function changeOne(workshop: Workshop, context: ChangeContext, { project, run, change, tags = {} }: BulkChange & { run: string }) {
  if (change !== 'tag') return markRun(workshop, context, { project, run, deleted: change === 'delete' });
  const entries = Object.entries(tags);
  const set = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
  const removedTags = entries.filter(([, value]) => value === null).map(([name]) => name);
  return logBatch(workshop, { project, run }, { tags: set, removedTags });
}

/** Only the ids of the runs that fit, to pick all of them: many more at once than whole runs. */
export async function findRunIds(workshop: Workshop, search: RunSearch): Promise<{ items: string[]; next?: string }> {
  const { rows, ...rest } = await findRunRows(workshop, search);
  return { items: rows.map(({ id }) => id), ...rest };
}
