import type { Queryable } from '#kernel/database/index.ts';
import type { MarkKind } from './model.ts';

interface MarkTables {
  import_marks: { project: string; source: string; kind: string; id: string; mark: string };
}

export interface MarkedThings {
  readonly project: string;
  /** Names the server or folder that things come from. */
  readonly source: string;
  readonly kind: MarkKind;
}

const rowsAtOnce = 500;

export async function readMarks(from: Queryable, of: MarkedThings, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for (let start = 0; start < ids.length; start += rowsAtOnce) {
    const rows = await from
      .query<MarkTables>()
      .selectFrom('import_marks')
      .select(['id', 'mark'])
      .where('project', '=', of.project)
      .where('source', '=', of.source)
      .where('kind', '=', of.kind)
      .where('id', 'in', ids.slice(start, start + rowsAtOnce))
      .execute();
    for (const { id, mark } of rows) marks.set(id, mark);
  }
  return marks;
}

export async function writeMarks(tx: Queryable, of: MarkedThings, marks: Readonly<Record<string, string>>): Promise<void> {
  const { project, source, kind } = of;
  const rows = Object.entries(marks).map(([id, mark]) => ({ project, source, kind, id, mark }));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await tx
      .query<MarkTables>()
      .insertInto('import_marks')
      .values(rows.slice(start, start + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.columns(['project', 'source', 'kind', 'id']).doUpdateSet((set) => ({ mark: set.ref('excluded.mark') })),
      )
      .execute();
  }
}
