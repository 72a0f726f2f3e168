/** Text as DuckDB and JSON readers take it: a lone surrogate or NUL, which a client may well send, becomes the replacement character. */
export function wellFormed(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
}
