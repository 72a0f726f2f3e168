import { readFileSync } from 'node:fs';
import type { EvaluationSlice } from '../gates/gate-facts.ts';

export type Cell = string | number | boolean | null | undefined;

/** The evaluation rows by columns. */
export interface EvaluationTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly Cell[]>;
}

/** Reads JSON lines. A line that is torn or no object throws: a gate must not judge half of the rows. */
export function readEvaluationTable(path: string): EvaluationTable {
  const columns = new Map<string, Cell[]>();
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [row, line] of lines.entries()) {
    // DuckDB wrote it: each line is an object of scalars.
    for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, Cell>)) {
      let column = columns.get(name);
      if (column === undefined) columns.set(name, (column = []));
      column[row] = value;
    }
  }
  return { rows: lines.length, columns };
}

/** Numbers of a column; what is missing or no number is NaN, which every check refuses. Undefined without such a column. */
export function numbersOf(table: EvaluationTable, name: string): Float64Array | undefined {
  const column = table.columns.get(name);
  if (column === undefined) return undefined;
  return Float64Array.from({ length: table.rows }, (_, row) => numberOf(column[row]));
}

export function numberOf(value: Cell): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return Number.NaN;
}

const prefix = 'slice_';

/** One slice for each value of each `slice_<name>` column, called `<name>=<value>`. */
export function slicesOf(table: EvaluationTable): EvaluationSlice[] {
  return [...table.columns].flatMap(([name, column]) => {
    if (!name.startsWith(prefix)) return [];
    const groups = new Map<string, number[]>();
    for (let row = 0; row < table.rows; row++) {
      const value = String(column[row] ?? 'missing');
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [row]);
      else group.push(row);
    }
    return [...groups].map(([value, rows]) => ({ slice: `${name.slice(prefix.length)}=${value}`, rows }));
  });
}
