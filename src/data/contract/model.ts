/** The kinds of values a contract speaks of, whatever the file calls them. */
export const columnTypes = ['integer', 'number', 'string', 'boolean', 'date', 'timestamp'] as const;
export type ColumnType = (typeof columnTypes)[number];

export type Bound = number | string;

export interface ColumnContract {
  readonly name: string;
  /** Line in the contract file, from 1. */
  readonly line: number;
  readonly type: ColumnType | undefined;
  readonly nulls: 'allowed' | 'forbidden';
  readonly minimum: Bound | undefined;
  readonly maximum: Bound | undefined;
  /** RE2; the whole value must match. */
  readonly pattern: string | undefined;
  readonly values: readonly (string | number | boolean)[] | undefined;
  readonly unique: boolean;
  readonly references: { readonly dataset: string; readonly column: string } | undefined;
}

/** What a file must be like to become part of a dataset. */
export interface Contract {
  readonly columns: readonly ColumnContract[];
  /** Of one load. */
  readonly rows: { readonly minimum: number | undefined; readonly maximum: number | undefined };
  readonly extraColumns: 'allowed' | 'refused';
  /** The newest value of `column` may be at most this old when the file is loaded. */
  readonly freshness: { readonly column: string; readonly maximumAgeMs: number; readonly line: number } | undefined;
}

export const ruleKinds = [
  'present',
  'type',
  'nulls',
  'minimum',
  'maximum',
  'pattern',
  'values',
  'unique',
  'references',
  'rows-minimum',
  'rows-maximum',
  'extra-columns',
  'freshness',
] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** The outcome of one rule. */
export interface RuleResult {
  readonly rule: RuleKind;
  readonly column: string | undefined;
  readonly passed: boolean;
  /** Rows that break it; undefined when the rule is about the file as a whole. */
  readonly failedRows: number | undefined;
  /** failedRows / rows of the file. */
  readonly share: number | undefined;
  /** One sentence for people, without a full stop. */
  readonly explanation: string;
}

export interface FailingRow {
  /** Row of the file, from 1, header not counted. */
  readonly row: number;
  readonly rule: RuleKind;
  readonly column: string;
  readonly values: { readonly [column: string]: unknown };
}

export interface ContractResult {
  readonly passed: boolean;
  readonly rows: number;
  readonly rules: readonly RuleResult[];
  /** At most 20. */
  readonly failingRows: readonly FailingRow[];
}
