import { setFlagsFromString } from 'node:v8';

// V8 knows the flag `l` only with this (v8.dev/blog/non-backtracking-regexp); nothing else changes.
setFlagsFromString('--enable-experimental-regexp-engine');

/** Escapes that mean something only beside the flag `u`, which the linear engine lacks. */
const onlyUnicode = /\\(?:[pP]\{|u\{)/;

/**
 * A regular expression of JavaScript from somebody else, which takes time in proportion to the text whatever it says: without look-around,
 * back-references, `\p{…}`, `\u{…}` and counts of more than a few. It sees UTF-16 code units.
 * @throws SyntaxError that says what it cannot take
 */
export function linearRegexp(pattern: string): RegExp {
  // Without this flag much that is wrong is read as plain text.
  const checked = new RegExp(pattern, 'u');
  if (onlyUnicode.test(pattern.replaceAll('\\\\', '')))
    throw new SyntaxError('Invalid regular expression: \\p{…} and \\u{…} are not taken');
  // oxlint-disable-next-line no-invalid-regexp -- the flag above makes it a valid one
  return new RegExp(checked.source, 'l');
}
