import type { RunViewTable } from '#tracking/views/wire.ts';

/** One term of the order: an id of a column and its direction. */
export interface SortTerm {
  readonly column: string;
  readonly descending: boolean;
}

/** Which of the values of a group's runs stands in its row. */
export type Measure = 'mean' | 'min' | 'max';

export interface ColumnChoice {
  readonly id: string;
  /** In px; undefined: as wide as the column wants. */
  readonly width?: number | undefined;
}

/** What the address says of the table; the words are those of a saved view, lists as text. */
export interface TableSearch {
  readonly filter?: string | undefined;
  readonly order?: string | undefined;
  readonly experiment?: string | undefined;
  readonly state?: string | undefined;
  readonly columns?: string | undefined;
  readonly group?: string | undefined;
  readonly pinned?: string | undefined;
  readonly lifecycle?: string | undefined;
  /** Id of the saved view that was opened. */
  readonly view?: string | undefined;
}

export const tableWords = ['filter', 'order', 'experiment', 'state', 'columns', 'group', 'pinned', 'lifecycle', 'view'] as const;

const narrowest = 56;
const widest = 900;

/** Terms separated by commas; commas within quotes belong to a name. */
export function sortTerms(order: string | undefined): readonly SortTerm[] {
  const terms = (order ?? '').match(/(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^,"`])+/g) ?? [];
  return terms.flatMap((term) => {
    const [, column = '', direction] = /^\s*(.*?)(?:\s+(asc|desc))?\s*$/is.exec(term) ?? [];
    return column === '' ? [] : [{ column, descending: direction?.toLowerCase() === 'desc' }];
  });
}

export function orderText(terms: readonly SortTerm[]): string | undefined {
  return terms.length === 0 ? undefined : terms.map(({ column, descending }) => `${column} ${descending ? 'desc' : 'asc'}`).join(', ');
}

/**
 * What a click on the head of a column makes of the order: alone the column takes over, with `add` it joins behind the terms
 * that are there. Three clicks lead through one direction, the other, and away.
 */
export function nextSort(
  terms: readonly SortTerm[],
  column: string,
  { add, first }: { add: boolean; first: 'asc' | 'desc' },
): readonly SortTerm[] {
  const old = terms.find((term) => term.column === column);
  const descendingFirst = first === 'desc';
  const next =
    old === undefined
      ? { column, descending: descendingFirst }
      : old.descending === descendingFirst
        ? { column, descending: !descendingFirst }
        : undefined;
  if (!add) return next === undefined ? [] : [next];
  if (old === undefined) return [...terms, ...(next === undefined ? [] : [next])];
  return terms.flatMap((term) => (term.column === column ? (next ?? []) : term));
}

/** Ids can hold commas, tildes and per cent signs; a width stands behind a tilde. */
export function columnsText(choices: readonly ColumnChoice[]): string {
  return choices.map(({ id, width }) => escaped(id) + (width === undefined ? '' : `~${Math.round(width)}`)).join(',');
}

export function columnChoices(text: string | undefined): readonly ColumnChoice[] | undefined {
  if (text === undefined || text === '') return undefined;
  const choices = text.split(',').flatMap((part) => {
    const [id = '', width] = part.split('~');
    const px = Number(width);
    return id === '' ? [] : [{ id: plain(id), width: width === undefined || !Number.isFinite(px) ? undefined : clampWidth(px) }];
  });
  const unique = choices.filter((choice, index) => choices.findIndex(({ id }) => id === choice.id) === index);
  // The name leads to the run: it stays, whatever is typed into the address.
  return unique.some(({ id }) => id === 'name') ? unique : [{ id: 'name', width: undefined }, ...unique];
}

export function clampWidth(width: number): number {
  return Math.min(widest, Math.max(narrowest, Math.round(width)));
}

function escaped(id: string): string {
  return id.replaceAll('%', '%25').replaceAll(',', '%2C').replaceAll('~', '%7E');
}

function plain(id: string): string {
  return id.replaceAll('%7E', '~').replaceAll('%2C', ',').replaceAll('%25', '%');
}

export function pinnedIds(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(',').filter((id) => id !== ''))];
}

/** Moves a column to the place of another, or by steps. */
export function moveColumn(choices: readonly ColumnChoice[], id: string, to: number): readonly ColumnChoice[] {
  const from = choices.findIndex((choice) => choice.id === id);
  const moved = choices[from];
  if (moved === undefined) return choices;
  const rest = choices.toSpliced(from, 1);
  return rest.toSpliced(Math.min(Math.max(to, 0), rest.length), 0, moved);
}

/** What a saved view keeps of the address. */
export function viewTable({ pinned, lifecycle, ...search }: TableSearch): RunViewTable {
  const ids = pinnedIds(pinned);
  const present = Object.fromEntries(
    Object.entries(search).filter(([word, value]) => word !== 'view' && value !== undefined && value !== ''),
  );
  return { ...present, ...(ids.length === 0 ? {} : { pinned: [...ids] }), ...(lifecycle === 'deleted' ? { lifecycle } : {}) };
}

/** The address of a saved view, every word written out. */
export function viewSearch(id: string, { pinned, ...table }: RunViewTable): TableSearch {
  return { ...table, ...(pinned === undefined || pinned.length === 0 ? {} : { pinned: pinned.join(',') }), view: id };
}

/** Whether the table shows something else than the view that was opened. */
export function differsFrom(view: RunViewTable, search: TableSearch): boolean {
  const [a, b] = [viewSearch('', view), viewSearch('', viewTable(search))];
  return tableWords.some((word) => (a[word] ?? '') !== (b[word] ?? ''));
}
