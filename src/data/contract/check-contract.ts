import { type Analytics, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import { RipenError } from '#kernel/errors.ts';
import { dataErrors } from '../errors.ts';
import type { Table } from '../table/schema.ts';
import { compileContract, settle } from './compile-contract.ts';
import type { CheckContext, CompiledRule } from './compiled-rule.ts';
import type { Contract, ContractResult, FailingRow, RuleResult } from './model.ts';

/** One scan does for nearly every contract; more rules take more, because DuckDB's planning grows with the square of the expressions. */
const rulesPerScan = 400;
const timeoutMs = 10 * 60_000;
const keptFailingRows = 20;
const keptCharacters = 200;

/**
 * Checks a file against its contract: one scan for all rules (400 at a time), one more for each column that refers to another dataset.
 * `table.relation` must be one Parquet file, so that rows have numbers. Throws `data.contract-invalid` for a pattern that RE2 refuses.
 */
export async function checkContract(
  analytics: Analytics,
  { contract, table, context, file }: { contract: Contract; table: Table; context: CheckContext; file: string },
): Promise<ContractResult> {
  await tryPatterns(analytics, contract, file);
  const rules = compileContract(contract, table, context);
  const figures = await scanOnce(analytics, table, rules);
  const results: RuleResult[] = [];
  for (const [index, rule] of rules.entries()) {
    const figure =
      rule.kind === 'rows' && rule.scan === undefined ? await countRows(analytics, table, rule.condition) : figures.values[index];
    results.push(judge(rule, figure, figures.rows));
  }
  const failing = rules.flatMap((rule, index) => (rule.kind === 'rows' && results[index]?.passed === false ? [rule] : []));
  return {
    passed: results.every((result) => result.passed),
    rows: figures.rows,
    rules: results,
    failingRows: await sampleFailingRows(analytics, table, failing),
  };
}

async function tryPatterns(analytics: Analytics, contract: Contract, file: string): Promise<void> {
  const problems: string[] = [];
  for (const column of contract.columns) {
    if (column.pattern === undefined) continue;
    try {
      await analytics.run(`SELECT regexp_full_match('', ${quoteLiteral(column.pattern)})`);
    } catch (error) {
      if (!(error instanceof RipenError) || error.code !== 'kernel.analytics-query-failed') throw error;
      problems.push(`line ${column.line}: the pattern of "${column.name}" is no RE2 expression (${String(error.details?.['reason'])})`);
    }
  }
  if (problems.length > 0) throw dataErrors['contract-invalid']({ file, problems });
}

async function scanOnce(
  analytics: Analytics,
  table: Table,
  rules: readonly CompiledRule[],
): Promise<{ rows: number; values: readonly (number | undefined)[] }> {
  const figures = new Map<string, number | null>();
  const scans = rules.flatMap((rule, index) => (rule.kind === 'settled' || rule.scan === undefined ? [] : [`${rule.scan} AS r${index}`]));
  for (let start = 0; start === 0 || start < scans.length; start += rulesPerScan) {
    const list = ['count(*) AS n', ...scans.slice(start, start + rulesPerScan)].join(', ');
    const [row = {}] = await analytics.query<Record<string, number | null>>(`SELECT ${list} FROM ${table.relation}`, [], { timeoutMs });
    for (const [name, figure] of Object.entries(row)) figures.set(name, figure);
  }
  return { rows: figures.get('n') ?? 0, values: rules.map((_, index) => figures.get(`r${index}`) ?? undefined) };
}

async function countRows(analytics: Analytics, table: Table, condition: string): Promise<number> {
  const [row] = await analytics.query<{ n: number }>(`SELECT count(*) AS n FROM ${table.relation} WHERE ${condition}`, [], { timeoutMs });
  return row?.n ?? 0;
}

function judge(rule: CompiledRule, figure: number | undefined, rows: number): RuleResult {
  if (rule.kind === 'settled') return settle(rule);
  if (rule.kind === 'figure')
    return { rule: rule.rule, column: rule.column, failedRows: undefined, share: undefined, ...rule.judge(figure) };
  const failedRows = figure ?? 0;
  const explanation = failedRows === 0 ? 'every row keeps it' : `${failedRows} of ${rows} rows ${rule.explain}`;
  return {
    rule: rule.rule,
    column: rule.column,
    passed: failedRows === 0,
    failedRows,
    share: rows === 0 ? 0 : failedRows / rows,
    explanation,
  };
}

/** Some rows of each broken rule, so that one rule with many does not hide the others. */
async function sampleFailingRows(
  analytics: Analytics,
  { relation, schema }: Table,
  failing: readonly Extract<CompiledRule, { kind: 'rows' }>[],
): Promise<readonly FailingRow[]> {
  const found: FailingRow[] = [];
  const members = schema.map(({ name }) => `${quoteLiteral(name)}: ${quoteIdentifier(name)}`).join(', ');
  // DuckDB's own row number is hidden by a column of that name.
  const number = schema.some(({ name }) => name.toLowerCase() === 'file_row_number') ? 'row_number() OVER () - 1' : 'file_row_number';
  for (const [index, rule] of failing.entries()) {
    const room = Math.floor((keptFailingRows - found.length) / (failing.length - index));
    if (room === 0) continue;
    const rows = await analytics.query<{ n: number; v: Readonly<Record<string, unknown>> }>(
      `SELECT ${number} + 1 AS n, {${members}} AS v FROM ${relation} WHERE ${rule.condition} LIMIT ${room}`,
    );
    for (const { n, v } of rows) {
      const values = Object.fromEntries(schema.map(({ name }) => [name, shortValue(v[name])]));
      found.push({ row: n, rule: rule.rule, column: rule.column ?? '', values });
    }
  }
  return found;
}

function shortValue(value: unknown): unknown {
  // JSON has no NaN.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.length > keptCharacters ? `${value.slice(0, keptCharacters)}…` : value;
}
