import type { Table } from '../table/schema.ts';
import type { RuleKind } from './model.ts';

export interface CheckContext {
  /** Epoch ms; for freshness. */
  readonly now: number;
  /** The newest snapshot of every dataset that the contract refers to; missing when there is none. */
  readonly references: ReadonlyMap<string, Table>;
  /** Rows that the file will be appended to. */
  readonly existing: Table | undefined;
}

interface RuleBase {
  readonly rule: RuleKind;
  readonly column: string | undefined;
}

/** One rule made ready to run. */
export type CompiledRule =
  /** Known from the columns alone. */
  | (RuleBase & { readonly kind: 'settled'; readonly passed: boolean; readonly explanation: string })
  /** Breaks at rows where `condition` holds. `scan` is what counts them within the one aggregate scan; without it the rule needs a scan of its own. */
  | (RuleBase & { readonly kind: 'rows'; readonly condition: string; readonly scan: string | undefined; readonly explain: string })
  /** Judged from one number about the whole file. */
  | (RuleBase & {
      readonly kind: 'figure';
      readonly scan: string;
      readonly judge: (figure: number | undefined) => { passed: boolean; explanation: string };
    });

/** A list in an explanation, cut to what a person reads. */
export function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`;
}
