import { trackingErrors } from '../errors.ts';
import { type ComparisonOperator, type Condition, type Field, type FilterValue, numericAttributes, timeAttributes } from './filter.ts';
import { type Token, tokenize } from './lexer.ts';
import { fieldOf } from './parse-field.ts';

const longestFilter = 10_000;
const deepest = 50;
const mostConditions = 200;

const operators: Readonly<Record<string, ComparisonOperator>> = {
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

/**
 * Reads `metrics.auc > 0.6 and not (params.epochs in (1, 2) or tags."my tag" like 'a%')`. Words are case-insensitive, fields
 * are not. An empty filter fits every run.
 * @throws `tracking.filter-invalid` with the position of the first thing that is not understood
 */
export function parseFilter(filter: string): Condition | undefined {
  if (filter.length > longestFilter)
    throw trackingErrors['filter-invalid']({
      filter: filter.slice(0, 100),
      position: longestFilter,
      problem: `it is longer than ${longestFilter} characters`,
    });
  const reader = createReader(filter);
  if (reader.peek().kind === 'end') return undefined;
  const condition = readEither(reader, 0);
  if (reader.peek().kind !== 'end') throw reader.problem('"and", "or" or the end was expected');
  return condition;
}

interface Reader {
  peek(): Token;
  take(): Token;
  /** Takes the next token if it is this word (any case) or symbol. */
  accept(text: string): boolean;
  expect(text: string): void;
  problem(what: string, token?: Token): Error;
  countCondition(): void;
}

function createReader(filter: string): Reader {
  const tokens = tokenize(filter);
  let next = 0;
  let conditions = 0;
  const peek = () => tokens[next] ?? { kind: 'end', text: '', position: filter.length };
  const problem = (what: string, token = peek()) => trackingErrors['filter-invalid']({ filter, position: token.position, problem: what });
  const accept = (text: string) => {
    const token = peek();
    const fits = (token.kind === 'word' || token.kind === 'symbol') && token.text.toLowerCase() === text;
    if (fits) next++;
    return fits;
  };
  return {
    peek,
    problem,
    accept,
    take() {
      const token = peek();
      next++;
      return token;
    },
    expect(text) {
      if (!accept(text)) throw problem(`"${text}" was expected`);
    },
    countCondition() {
      if (++conditions > mostConditions) throw problem(`it has more than ${mostConditions} conditions`);
    },
  };
}

function readEither(reader: Reader, depth: number): Condition {
  if (depth > deepest) throw reader.problem(`it is nested more than ${deepest} deep`);
  const of = [readAll(reader, depth)];
  while (reader.accept('or')) of.push(readAll(reader, depth));
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'or', of };
}

function readAll(reader: Reader, depth: number): Condition {
  const of = [readNegatable(reader, depth)];
  while (reader.accept('and')) of.push(readNegatable(reader, depth));
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'and', of };
}

function readNegatable(reader: Reader, depth: number): Condition {
  if (depth > deepest) throw reader.problem(`it is nested more than ${deepest} deep`);
  if (reader.accept('not')) return { kind: 'not', of: readNegatable(reader, depth + 1) };
  if (!reader.accept('(')) return readComparison(reader);
  const inner = readEither(reader, depth + 1);
  reader.expect(')');
  return inner;
}

function readComparison(reader: Reader): Condition {
  reader.countCondition();
  const field = readField(reader);
  if (reader.accept('is')) {
    const negated = reader.accept('not');
    reader.expect('null');
    return { kind: 'missing', field, negated };
  }
  const negated = reader.accept('not');
  const condition = readTest(reader, field, negated);
  return negated && condition.kind !== 'in' ? { kind: 'not', of: condition } : condition;
}

function readTest(reader: Reader, field: Field, negated: boolean): Condition {
  if (reader.accept('in')) return { kind: 'in', field, values: readList(reader, field), negated };
  if (reader.accept('between')) {
    const from = readValue(reader, field);
    reader.expect('and');
    const to = readValue(reader, field);
    const bound = (operator: ComparisonOperator, value: FilterValue): Condition => ({ kind: 'compare', field, operator, value });
    return { kind: 'and', of: [bound('>=', from), bound('<=', to)] };
  }
  for (const operator of ['like', 'ilike'] as const) {
    if (!reader.accept(operator)) continue;
    const value = readValue(reader, field);
    if (typeof value !== 'string') throw reader.problem(`"${operator}" needs a text in quotes`);
    return { kind: 'compare', field, operator, value };
  }
  const token = reader.take();
  const operator = token.kind === 'symbol' && Object.hasOwn(operators, token.text) ? operators[token.text] : undefined;
  if (operator === undefined || negated) throw reader.problem('a comparison such as = or > was expected', token);
  return { kind: 'compare', field, operator, value: readValue(reader, field) };
}

function readList(reader: Reader, field: Field): FilterValue[] {
  reader.expect('(');
  const values = [readValue(reader, field)];
  while (reader.accept(',')) {
    reader.countCondition();
    if (reader.peek().text === ')') break;
    values.push(readValue(reader, field));
  }
  reader.expect(')');
  return values;
}

function readField(reader: Reader): Field {
  const token = reader.take();
  if (token.kind !== 'word') throw reader.problem('a field such as metrics.auc or state was expected', token);
  const dot = token.text.indexOf('.');
  let name = dot < 0 ? token.text : token.text.slice(dot + 1);
  // metrics."name with spaces"
  const quoted = reader.peek();
  if (dot >= 0 && name === '' && quoted.kind === 'quoted' && quoted.position === token.position + token.text.length)
    name = reader.take().text;
  const field = fieldOf(dot < 0 ? undefined : token.text.slice(0, dot), name);
  if (typeof field === 'string') throw reader.problem(field, token);
  return field;
}

function readValue(reader: Reader, field: Field): FilterValue {
  const token = reader.take();
  const value = valueOf(token);
  if (value === undefined) throw reader.problem('a number or a text in quotes was expected', token);
  if (field.kind === 'attribute' && timeAttributes.has(field.name)) {
    const time = typeof value === 'number' ? value : Date.parse(value);
    if (Number.isNaN(time)) throw reader.problem("a time was expected: milliseconds since 1970 or a date such as '2026-01-31'", token);
    return time;
  }
  const numeric =
    field.kind === 'metric' ||
    (field.kind === 'attribute' && numericAttributes.has(field.name)) ||
    (field.kind === 'dataset' && field.name === 'snapshot');
  if (numeric && typeof value !== 'number') throw reader.problem(`${field.name} is compared with a number, without quotes`, token);
  return value;
}

function valueOf(token: Token): FilterValue | undefined {
  if (token.kind === 'text' || token.kind === 'quoted') return token.text;
  if (token.kind === 'number') return Number(token.text);
  const [, sign = '', word = ''] = token.kind === 'word' ? (/^([-+]?)(.*)$/.exec(token.text.toLowerCase()) ?? []) : [];
  const number = Object.hasOwn(numbersByName, word) ? numbersByName[word] : undefined;
  if (number !== undefined) return sign === '-' ? -number : number;
  // params.shuffle = true
  return sign === '' && (word === 'true' || word === 'false') ? word : undefined;
}
