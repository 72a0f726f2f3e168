import { dataErrors } from '../errors.ts';
import { type Bound, type ColumnContract, type ColumnType, columnTypes, type Contract } from './model.ts';
import { YamlField } from './yaml-fields.ts';

/**
 * Reads a contract file (YAML). Throws `data.contract-invalid` with every problem: its line, the key, and the nearest right word.
 * `file` is the name that messages give it.
 */
export function parseContract(text: string, file = 'file'): Contract {
  const problems: string[] = [];
  const root = YamlField.parse(text, problems);
  const contract = root === undefined ? undefined : readContract(root);
  if (contract === undefined || problems.length > 0) throw dataErrors['contract-invalid']({ file, problems });
  return contract;
}

function readContract(root: YamlField): Contract {
  const {
    columns,
    rows,
    extra_columns: extra,
    freshness,
  } = root.members(['dataset', 'description', 'columns', 'rows', 'extra_columns', 'freshness']);
  const read = [...(columns?.entries() ?? [])].map(([name, field]) => readColumn(name, field));
  if (read.length === 0) root.problem('"columns" must name at least one column');
  const sameName = new Set<string>();
  for (const column of read) {
    if (sameName.has(column.name.toLowerCase()))
      columns?.problem(`column "${column.name}" differs from another only in upper and lower case`);
    sameName.add(column.name.toLowerCase());
  }
  return {
    columns: read,
    rows: readRows(rows),
    extraColumns: extra?.oneOf(['allowed', 'refused']) ?? 'allowed',
    freshness: freshness === undefined ? undefined : readFreshness(freshness),
  };
}

const columnKeys = ['type', 'description', 'nulls', 'minimum', 'maximum', 'pattern', 'values', 'unique', 'references'] as const;

function readColumn(name: string, field: YamlField): ColumnContract {
  const member = field.members(columnKeys);
  const type = member.type?.oneOf(columnTypes);
  const minimum = member.minimum === undefined ? undefined : readBound(member.minimum, type);
  const maximum = member.maximum === undefined ? undefined : readBound(member.maximum, type);
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) field.problem(`"${field.path}" has a minimum above its maximum`);
  return {
    name,
    line: field.line,
    type,
    nulls: member.nulls?.oneOf(['allowed', 'forbidden']) ?? 'allowed',
    minimum,
    maximum,
    pattern: member.pattern?.text(),
    values: member.values === undefined ? undefined : readValues(member.values),
    unique: member.unique?.boolean() ?? false,
    references: member.references === undefined ? undefined : readReference(member.references),
  };
}

function readBound(field: YamlField, type: ColumnType | undefined): Bound | undefined {
  if (type === 'string' || type === 'boolean') return field.problem(`"${field.path}" has no meaning for a ${type} column`);
  if (type !== 'date' && type !== 'timestamp') return field.number();
  const text = field.text();
  if (text === undefined) return undefined;
  const form = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?)?$/;
  return form.test(text) && !Number.isNaN(Date.parse(text.replace(' ', 'T')))
    ? text
    : field.problem(`"${field.path}" must be a moment such as 2001-01-31 or 2001-01-31T23:59:59`);
}

function readValues(field: YamlField): readonly (string | number | boolean)[] | undefined {
  const values = (field.list() ?? []).map((item) => item.scalar()).filter((value) => value !== undefined && value !== null);
  return values.length > 0 ? values : field.problem(`"${field.path}" must list at least one value; nulls are ruled by "nulls"`);
}

function readReference(field: YamlField): { dataset: string; column: string } | undefined {
  const member = field.members(['dataset', 'column']);
  const dataset = member.dataset?.text();
  const column = member.column?.text();
  if (dataset === undefined || column === undefined) return field.problem(`"${field.path}" needs a dataset and a column`);
  return { dataset, column };
}

function readRows(field: YamlField | undefined): Contract['rows'] {
  const member = field?.members(['minimum', 'maximum']);
  const minimum = member?.minimum?.number();
  const maximum = member?.maximum?.number();
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) field?.problem('"rows" has a minimum above its maximum');
  return { minimum, maximum };
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function readFreshness(field: YamlField): Contract['freshness'] {
  const member = field.members(['column', 'maximum_age']);
  const column = member.column?.text();
  const age = /^(\d+)\s*([mhd])$/.exec(member.maximum_age?.text() ?? '');
  const unit = age?.[2];
  if (column === undefined || (unit !== 'm' && unit !== 'h' && unit !== 'd')) {
    return field.problem(`"${field.path}" needs a column and a maximum_age such as 30m, 12h or 40d`);
  }
  return { column, maximumAgeMs: Number(age?.[1]) * unitMs[unit], line: field.line };
}
