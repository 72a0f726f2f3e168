import type { Comparison, Filter, FilterOperator, Literal } from './filter-tree.ts';
import type { Problem, Token } from './lexer.ts';
import { readField, type WrittenField } from './read-field.ts';
import { createReader, type Reader } from './reader.ts';

const deepest = 50;
const mostComparisons = 200;
const mostListed = 10_000;

const symbols: Readonly<Record<string, FilterOperator>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const numbersByName: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, infinity: Infinity };

export interface GrammarOptions {
  /** Longest text, in UTF-16 code units. */
  readonly longest: number;
  /** `true` and `false` without quotes are the texts `'true'` and `'false'`. */
  readonly truthWords: boolean;
  readonly problem: Problem;
  /** The error for a value that is neither a number nor quoted; `problem` when left out. */
  readonly badValue?: (found: string, position: number) => Error;
}

interface Run {
  readonly reader: Reader;
  readonly options: GrammarOptions;
  comparisons: number;
}

/**
 * The grammar that all filters share: comparisons joined by AND, OR, NOT and parentheses, with the operators of `FilterOperator`. Words
 * are case-insensitive. A text without any token is no filter.
 * @throws what `options.problem` makes, for the first thing that is not understood
 */
export function readFilter(text: string, options: GrammarOptions): Filter | undefined {
  if (text.length > options.longest) throw options.problem(options.longest, `it is longer than ${options.longest} characters`);
  const run: Run = { reader: createReader(text, options.problem), options, comparisons: 0 };
  if (run.reader.peek().kind === 'end') return undefined;
  const filter = readEither(run, 0);
  if (run.reader.peek().kind !== 'end') throw run.reader.problem('"and", "or" or the end was expected');
  return filter;
}

function readEither(run: Run, depth: number): Filter {
  if (depth > deepest) throw run.reader.problem(`it is nested more than ${deepest} deep`);
  const of = [readAll(run, depth)];
  while (run.reader.accept('or')) of.push(readAll(run, depth));
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'or', of };
}

function readAll(run: Run, depth: number): Filter {
  const of = [readNegatable(run, depth)];
  while (run.reader.accept('and')) of.push(readNegatable(run, depth));
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'and', of };
}

function readNegatable(run: Run, depth: number): Filter {
  const { reader } = run;
  if (depth > deepest) throw reader.problem(`it is nested more than ${deepest} deep`);
  if (reader.accept('not')) return { kind: 'not', of: readNegatable(run, depth + 1) };
  if (!reader.accept('(')) return readComparison(run);
  const inner = readEither(run, depth + 1);
  reader.expect(')');
  return inner;
}

function readComparison(run: Run): Filter {
  const { reader } = run;
  if (++run.comparisons > mostComparisons) throw reader.problem(`it has more than ${mostComparisons} conditions`);
  const field = readField(reader);
  if (reader.accept('is')) {
    const operator = reader.accept('not') ? 'IS NOT NULL' : 'IS NULL';
    reader.expect('null');
    return { kind: 'comparison', ...field, operator, value: undefined };
  }
  const negated = reader.accept('not');
  if (reader.accept('in')) return { kind: 'comparison', ...field, operator: negated ? 'NOT IN' : 'IN', value: readList(run) };
  const comparison = readTest(run, field, negated);
  return negated ? { kind: 'not', of: comparison } : comparison;
}

function readTest(run: Run, field: WrittenField, negated: boolean): Comparison {
  const { reader } = run;
  const comparison = (operator: FilterOperator, value: Comparison['value']): Comparison => ({
    kind: 'comparison',
    ...field,
    operator,
    value,
  });
  if (reader.accept('between')) {
    const from = readValue(run);
    reader.expect('and');
    return comparison('BETWEEN', [from, readValue(run)]);
  }
  for (const operator of ['LIKE', 'ILIKE', 'RLIKE'] as const) {
    if (!reader.accept(operator.toLowerCase())) continue;
    const token = reader.peek();
    const value = readValue(run);
    if (typeof value !== 'string') throw reader.problem(`"${operator.toLowerCase()}" needs a text in quotes`, token);
    return comparison(operator, value);
  }
  const token = reader.take();
  const operator = token.kind === 'symbol' && Object.hasOwn(symbols, token.text) ? symbols[token.text] : undefined;
  if (operator === undefined || negated) throw reader.problem('a comparison such as = or > was expected', token);
  return comparison(operator, readValue(run));
}

function readList(run: Run): Literal[] {
  const { reader } = run;
  reader.expect('(');
  if (reader.peek().text === ')') throw reader.problem('a list of at least one value was expected');
  const values = [readValue(run)];
  while (reader.accept(',')) {
    if (values.length >= mostListed) throw reader.problem(`the list has more than ${mostListed} values`);
    if (reader.peek().kind === 'symbol' && reader.peek().text === ')') break;
    values.push(readValue(run));
  }
  reader.expect(')');
  return values;
}

function readValue({ reader, options }: Run): Literal {
  const token = reader.take();
  const value = valueOf(token, options.truthWords);
  if (value !== undefined) return value;
  if (options.badValue !== undefined && (token.kind === 'word' || token.kind === 'name'))
    throw options.badValue(token.text, token.position);
  throw reader.problem('a number or a text in quotes was expected', token);
}

function valueOf(token: Token, truthWords: boolean): Literal | undefined {
  if (token.kind === 'text' || token.kind === 'quoted') return token.text;
  if (token.kind === 'number') return Number(token.text);
  const [, sign = '', word = ''] = token.kind === 'word' ? (/^([-+]?)(.*)$/.exec(token.text.toLowerCase()) ?? []) : [];
  const number = Object.hasOwn(numbersByName, word) ? numbersByName[word] : undefined;
  if (number !== undefined) return sign === '-' ? -number : number;
  return truthWords && sign === '' && (word === 'true' || word === 'false') ? word : undefined;
}
