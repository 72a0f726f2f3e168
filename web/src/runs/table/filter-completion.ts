import type { RunFields } from '../runs-api.ts';

/** What may stand at the caret of a half-written filter. */
export interface CompletionPlace {
  readonly kind: 'field' | 'operator' | 'value' | 'joiner';
  /** The stretch of the text that a choice takes the place of. */
  readonly from: number;
  readonly to: number;
  /** What was typed of it, without quotes. */
  readonly typed: string;
  /** The field that is compared, as it was written; for operators and values. */
  readonly field: string | undefined;
}

interface Piece {
  readonly kind: 'word' | 'text' | 'number' | 'operator' | 'open' | 'close' | 'comma';
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** A quote that nothing closes: the caret is inside. */
  readonly unended: boolean;
}

const pattern =
  /(?<word>[\p{L}_][\p{L}\p{N}_/:-]*(?:\.(?:"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|[\p{L}\p{N}_./:-]*))?)|(?<text>'(?:[^']|'')*'?)|(?<number>[-+]?[\d.][\d.eE+-]*)|(?<operator>[<>=!]+)|(?<open>\()|(?<close>\))|(?<comma>,)/gu;

const wordOperators = new Set(['like', 'ilike', 'in', 'is', 'between']);

function piecesOf(text: string): readonly Piece[] {
  return [...text.matchAll(pattern)].map((match) => {
    // One of the named groups matched.
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? ['word'];
    const [whole] = match;
    const quotes = whole.replaceAll(/[^'"`]/g, '').length;
    return { kind: kind as Piece['kind'], text: whole, from: match.index, to: match.index + whole.length, unended: quotes % 2 === 1 };
  });
}

/** Reads the filter up to the caret, and says what belongs there. */
export function placeAt(text: string, caret: number): CompletionPlace {
  const pieces = piecesOf(text.slice(0, caret));
  const last = pieces.at(-1);
  // The caret touches the last piece, or is inside its quotes: that piece is being typed.
  const touching =
    last !== undefined && last.to === caret && (last.kind === 'word' || last.kind === 'number' || (last.kind === 'text' && last.unended));
  const before = touching ? pieces.slice(0, -1) : pieces;
  const { kind, field } = walk(before);
  const from = touching ? last.from : caret;
  const to = caret + (/^[\p{L}\p{N}_./:-]*/u.exec(touching && last.kind === 'word' ? text.slice(caret) : '')?.[0].length ?? 0);
  const typed = touching ? last.text.replace(/^'/, '').replaceAll("''", "'") : '';
  return { kind, from, to, typed, field };
}

function walk(pieces: readonly Piece[]): { kind: CompletionPlace['kind']; field: string | undefined } {
  let kind: CompletionPlace['kind'] = 'field';
  let field: string | undefined;
  let listDepth = 0;
  let between = false;
  for (const [index, piece] of pieces.entries()) {
    const word = piece.text.toLowerCase();
    const next = pieces[index + 1];
    if (kind === 'field') {
      if (piece.kind === 'open' || word === 'not') continue;
      if (piece.kind === 'word') {
        field = piece.text;
        kind = 'operator';
      }
    } else if (kind === 'operator') {
      if (piece.kind === 'operator') kind = 'value';
      else if (word === 'not') continue;
      else if (word === 'is') kind = 'value';
      else if (wordOperators.has(word)) {
        kind = 'value';
        between = word === 'between';
      }
    } else if (kind === 'value') {
      if (piece.kind === 'open') listDepth = 1;
      else if (piece.kind === 'comma' || (word === 'not' && next === undefined)) continue;
      else if (piece.kind === 'close') {
        listDepth = 0;
        kind = 'joiner';
      } else if (between && word === 'and') between = false;
      else if (listDepth === 0 && !between && word !== 'not') kind = 'joiner';
    } else if (word === 'and' || word === 'or') {
      kind = 'field';
      field = undefined;
    }
  }
  return { kind, field };
}

export interface Completion {
  /** What takes the place of what was typed. */
  readonly insert: string;
  readonly label: string;
  /** What it is: metric, parameter, … */
  readonly note: string;
}

const most = 12;
const numeric = /^(?:metrics?\.|(?:attributes\.)?(?:startedAt|finishedAt|duration|cpuMs|peakMemoryBytes)$|datasets?\.snapshot$)/i;
const numericOperators = ['>', '>=', '<', '<=', '=', '!=', 'between', 'is null', 'is not null'];
const textOperators = ['=', '!=', 'like', 'ilike', 'in (', 'is null', 'is not null'];
const datasetFields = ['name', 'digest', 'snapshot', 'context'];

/** Choices for a place that need no question to the server. */
export function completionsFor(place: CompletionPlace, fields: RunFields, values: readonly string[]): readonly Completion[] {
  const { kind, typed, field = '' } = place;
  if (kind === 'joiner')
    return best(
      typed,
      ['and', 'or'].map((word) => ({ insert: `${word} `, label: word, note: '' })),
    );
  if (kind === 'operator') {
    const operators = numeric.test(field) ? numericOperators : textOperators;
    return best(
      typed,
      operators.map((word) => ({ insert: word.endsWith('(') ? word : `${word} `, label: word, note: '' })),
    );
  }
  if (kind === 'value') {
    if (numeric.test(field)) return [];
    return best(
      typed,
      values.map((value) => ({ insert: `'${value.replaceAll("'", "''")}' `, label: value, note: '' })),
    );
  }
  return best(typed, fieldChoices(fields));
}

function fieldChoices(fields: RunFields): readonly Completion[] {
  const named = (prefix: string, note: string, names: readonly string[]) =>
    names.map((name) => ({ insert: `${prefix}.${quoted(name)} `, label: `${prefix}.${name}`, note }));
  return [
    ...fields.attributes.map((name) => ({ insert: `${name} `, label: name, note: 'attribute' })),
    ...named('metrics', 'metric', fields.metrics),
    ...named('params', 'parameter', fields.parameters),
    ...named('tags', 'tag', fields.tags),
    ...named('datasets', 'dataset', datasetFields),
  ];
}

/** What begins like the typed text comes first, then what holds it. */
function best(typed: string, choices: readonly Completion[]): readonly Completion[] {
  const wanted = typed.toLowerCase().replaceAll(/["`]/g, '');
  if (wanted === '') return choices.slice(0, most);
  const rank = ({ label }: Completion) => {
    const name = label.toLowerCase();
    if (name === wanted) return 0;
    if (name.startsWith(wanted)) return 1;
    if (name.includes(`.${wanted}`)) return 2;
    return name.includes(wanted) ? 3 : 9;
  };
  const ranked = choices.map((choice) => [rank(choice), choice] as const).filter(([place]) => place < 9);
  return ranked
    .toSorted(([a], [b]) => a - b)
    .slice(0, most)
    .map(([, choice]) => choice);
}

/** As the filter language wants a name that is not a plain word. */
export function quoted(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_./:-]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The text with the choice in place, and where the caret then stands. */
export function complete(text: string, place: CompletionPlace, choice: Completion): { readonly text: string; readonly caret: number } {
  const rest = text.slice(place.to);
  const insert = rest.startsWith(' ') ? choice.insert.trimEnd() : choice.insert;
  const head = text.slice(0, place.from) + insert;
  return { text: head + rest, caret: head.length + (rest.startsWith(' ') ? 1 : 0) };
}

/** The field whose values the server knows; undefined where there is none to ask for. */
export function askedValues(place: CompletionPlace): string | undefined {
  return place.kind === 'value' && place.field !== undefined && !numeric.test(place.field) && !/^datasets?\./i.test(place.field)
    ? place.field
    : undefined;
}
