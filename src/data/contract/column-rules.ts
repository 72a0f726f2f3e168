import { quoteIdentifier } from '#kernel/analytics/index.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { Schema, SchemaColumn, Table } from '../table/schema.ts';
import { type CheckContext, type CompiledRule, shorten } from './compiled-rule.ts';
import * as conditions from './conditions.ts';
import type { ColumnContract, RuleKind } from './model.ts';

export interface ColumnCase {
  readonly rule: ColumnContract;
  readonly column: SchemaColumn;
  readonly table: Table;
  readonly context: CheckContext;
}

/** The rules of one column that the file has. */
export function columnRules(subject: ColumnCase): CompiledRule[] {
  const { rule, column } = subject;
  const base = { kind: 'rows', column: rule.name } as const;
  const inScan = (name: RuleKind, condition: string, explain: string): CompiledRule => ({
    ...base,
    rule: name,
    condition,
    scan: `count(*) FILTER (WHERE ${condition})`,
    explain,
  });
  const rules: CompiledRule[] = [{ kind: 'settled', rule: 'present', column: rule.name, passed: true, explanation: 'the column is there' }];
  if (rule.type !== undefined) rules.push(typeRule(subject, rule.type));
  if (rule.nulls === 'forbidden') rules.push(inScan('nulls', `${quoteIdentifier(column.name)} IS NULL`, 'have no value'));
  if (rule.minimum !== undefined)
    rules.push(inScan('minimum', conditions.outsideBound(column, rule, 'minimum'), `are below ${rule.minimum}`));
  if (rule.maximum !== undefined)
    rules.push(inScan('maximum', conditions.outsideBound(column, rule, 'maximum'), `are above ${rule.maximum}`));
  if (rule.pattern !== undefined)
    rules.push(inScan('pattern', conditions.notMatching(column, rule.pattern), `do not match ${rule.pattern}`));
  if (rule.values !== undefined) {
    rules.push(inScan('values', conditions.notAmong(column, rule.values), `are none of ${shorten(rule.values.join(', '))}`));
  }
  if (rule.unique) rules.push(...uniqueRules(subject));
  if (rule.references !== undefined) rules.push(referenceRule(subject, rule.references));
  return rules;
}

function typeRule({ column, rule }: ColumnCase, type: NonNullable<ColumnContract['type']>): CompiledRule {
  const base = { rule: 'type', column: rule.name } as const;
  if (conditions.hasType(column, type)) return { ...base, kind: 'settled', passed: true, explanation: `the column is ${column.type}` };
  const condition = conditions.notOfType(column, type);
  // A column without any value has no type of its own.
  const scan = `CASE WHEN count(${quoteIdentifier(column.name)}) = 0 THEN 0 ELSE greatest(1, count(*) FILTER (WHERE ${condition})) END`;
  return { ...base, kind: 'rows', condition, scan, explain: `cannot be read as ${type}; the column is ${column.type}` };
}

function uniqueRules({ rule, column, table, context }: ColumnCase): CompiledRule[] {
  const name = quoteIdentifier(column.name);
  const base = { kind: 'rows', rule: 'unique', column: rule.name } as const;
  const within: CompiledRule = {
    ...base,
    condition: conditions.repeatedWithin(column, table.relation),
    scan: `count(${name}) - count(DISTINCT ${name})`,
    explain: 'repeat a value of another row',
  };
  const existing = context.existing;
  if (existing === undefined || !existing.schema.some((known) => known.name === column.name)) return [within];
  return [
    within,
    { ...base, condition: conditions.alreadyIn(column, existing.relation), scan: undefined, explain: 'repeat a value of an earlier load' },
  ];
}

function referenceRule({ rule, column, context }: ColumnCase, to: NonNullable<ColumnContract['references']>): CompiledRule {
  const base = { rule: 'references', column: rule.name } as const;
  const target = context.references.get(to.dataset);
  if (target === undefined)
    return { ...base, kind: 'settled', passed: false, explanation: `dataset "${to.dataset}" has no snapshot to look in` };
  const targetColumn = target.schema.find((candidate) => candidate.name === to.column);
  if (targetColumn === undefined) {
    return { ...base, kind: 'settled', passed: false, explanation: `dataset "${to.dataset}" has no column "${to.column}"` };
  }
  const condition = conditions.notReferenced(column, target.relation, targetColumn);
  return { ...base, kind: 'rows', condition, scan: undefined, explain: `are not in column "${to.column}" of dataset "${to.dataset}"` };
}

export function missingColumn(name: string, schema: Schema): CompiledRule {
  const nearest = nearestName(
    name,
    schema.map((column) => column.name),
  );
  const hint = nearest === undefined ? '' : `; the file has "${nearest}"`;
  return { kind: 'settled', rule: 'present', column: name, passed: false, explanation: `column "${name}" is missing${hint}` };
}
