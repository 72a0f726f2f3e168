import type { DatabaseSync } from 'node:sqlite';
import { linearRegexp } from '../linear-regexp.ts';

/** Texts are searched up to here. */
const longestText = 100_000;

/** Gives SQLite the function behind its operator `regexp`, which it lacks; patterns are JavaScript's, less what takes more than linear time. */
export function addRegexp(database: DatabaseSync): void {
  let last: { readonly pattern: string; readonly compiled: RegExp } | undefined;
  database.function('regexp', { deterministic: true }, (pattern, text) => {
    if (typeof pattern !== 'string' || typeof text !== 'string') return null;
    if (last?.pattern !== pattern) last = { pattern, compiled: linearRegexp(pattern) };
    return last.compiled.test(text.slice(0, longestText)) ? 1 : 0;
  });
}
