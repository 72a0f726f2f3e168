import { quoteIdentifier } from '#kernel/analytics/index.ts';
import type { Schema, SchemaColumn, Table } from '../table/schema.ts';
import { columnRules, missingColumn } from './column-rules.ts';
import { type CheckContext, type CompiledRule, shorten } from './compiled-rule.ts';
import type { Contract, RuleResult } from './model.ts';

/** Every rule of the contract for a file with the columns of `table`. Column rules come in the contract's order, then those of the file. */
export function compileContract(contract: Contract, table: Table, context: CheckContext): readonly CompiledRule[] {
  const columns = new Map(table.schema.map((column) => [column.name, column]));
  const rules = contract.columns.flatMap((rule) => {
    const column = columns.get(rule.name);
    return column === undefined ? [missingColumn(rule.name, table.schema)] : columnRules({ rule, column, table, context });
  });
  return [...rules, ...rowCountRules(contract), ...extraColumns(contract, table.schema), ...freshness(contract, columns, context)];
}

function rowCountRules({ rows }: Contract): CompiledRule[] {
  const rule = (kind: 'rows-minimum' | 'rows-maximum', limit: number, holds: (count: number) => boolean): CompiledRule => ({
    kind: 'figure',
    rule: kind,
    column: undefined,
    scan: 'count(*)',
    judge: (count = 0) => ({
      passed: holds(count),
      explanation: `the file has ${count} rows; ${kind === 'rows-minimum' ? 'at least' : 'at most'} ${limit}`,
    }),
  });
  const { minimum, maximum } = rows;
  return [
    ...(minimum === undefined ? [] : [rule('rows-minimum', minimum, (count) => count >= minimum)]),
    ...(maximum === undefined ? [] : [rule('rows-maximum', maximum, (count) => count <= maximum)]),
  ];
}

function extraColumns(contract: Contract, schema: Schema): CompiledRule[] {
  if (contract.extraColumns === 'allowed') return [];
  const known = new Set(contract.columns.map((column) => column.name));
  const extra = schema.filter((column) => !known.has(column.name)).map((column) => `"${column.name}"`);
  const explanation = extra.length === 0 ? 'every column is in the contract' : `not in the contract: ${shorten(extra.join(', '))}`;
  return [{ kind: 'settled', rule: 'extra-columns', column: undefined, passed: extra.length === 0, explanation }];
}

function freshness(contract: Contract, columns: ReadonlyMap<string, SchemaColumn>, { now }: CheckContext): CompiledRule[] {
  if (contract.freshness === undefined) return [];
  const { column: name, maximumAgeMs } = contract.freshness;
  const column = columns.get(name);
  if (column === undefined) {
    return [{ kind: 'settled', rule: 'freshness', column: name, passed: false, explanation: `column "${name}" is missing` }];
  }
  const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} h`;
  const judge = (newest: number | undefined): { passed: boolean; explanation: string } => {
    if (newest === undefined) return { passed: false, explanation: 'no row has a moment' };
    return {
      passed: now - newest <= maximumAgeMs,
      explanation: `the newest row is ${hours(now - newest)} old; at most ${hours(maximumAgeMs)}`,
    };
  };
  return [
    { kind: 'figure', rule: 'freshness', column: name, scan: `epoch_ms(max(TRY_CAST(${quoteIdentifier(name)} AS TIMESTAMP)))`, judge },
  ];
}

export function settle(rule: Extract<CompiledRule, { kind: 'settled' }>): RuleResult {
  return {
    rule: rule.rule,
    column: rule.column,
    passed: rule.passed,
    failedRows: undefined,
    share: undefined,
    explanation: rule.explanation,
  };
}
