/** Versions in the recycle bin are no evidence; a restored or renamed model brings its own back. */
import { type MaturityEvent, text } from './event.ts';
import type { ModelFacts, ModelVersion } from './models.ts';
import { get, put, remove, rows, type Table } from './table.ts';

export type DeletedVersion = ModelVersion & { deletedWith: 'model' | 'version' };

/** Follows what became of a model or a version, and says whether the event was about that. */
export function foldDeletions(facts: ModelFacts, event: MaturityEvent): boolean {
  const model = text(event.data, 'model');
  if (model === undefined) return false;
  const version = text(event.data, 'version');
  switch (event.type) {
    case 'model.version.deleted':
      if (version !== undefined) bury(facts, get(facts.versions, model, version), 'version');
      return true;
    case 'model.version.restored':
      if (version !== undefined) revive(facts, get(facts.deleted, model, version));
      return true;
    case 'model.version.purged':
      if (version !== undefined) remove(facts.deleted, model, version);
      return true;
    case 'model.deleted':
      for (const row of of(facts.versions, model)) bury(facts, row, 'model');
      return true;
    case 'model.restored':
      restoreModel(facts, model, text(event.data, 'from') ?? model);
      return true;
    case 'model.purged':
      for (const row of of(facts.deleted, model)) remove(facts.deleted, model, row.version);
      return true;
    case 'model.renamed':
      for (const table of [facts.versions, facts.deleted]) rename(table, text(event.data, 'from') ?? model, model);
      return true;
    default:
      return false;
  }
}

const of = <Row extends ModelVersion>(table: Table<Row>, model: string): Row[] => rows(table).filter((row) => row.model === model);

function bury(facts: ModelFacts, row: ModelVersion | undefined, deletedWith: 'model' | 'version'): void {
  if (row === undefined) return;
  remove(facts.versions, row.model, row.version);
  put(facts.deleted, [row.model, row.version], { ...row, deletedWith });
}

function revive(facts: ModelFacts, row: DeletedVersion | undefined): void {
  if (row === undefined) return;
  remove(facts.deleted, row.model, row.version);
  const { deletedWith: _deletedWith, ...version } = row;
  put(facts.versions, [row.model, row.version], version);
}

/** Versions that were deleted by themselves stay in the bin. */
function restoreModel(facts: ModelFacts, model: string, former: string): void {
  rename(facts.deleted, former, model);
  for (const row of of(facts.deleted, model)) if (row.deletedWith === 'model') revive(facts, row);
}

function rename<Row extends ModelVersion>(table: Table<Row>, from: string, to: string): void {
  if (from === to) return;
  for (const row of of(table, from)) {
    remove(table, from, row.version);
    put(table, [to, row.version], { ...row, model: to });
  }
}
