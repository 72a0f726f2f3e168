export interface Token {
  /** `text` stood in single quotes, `quoted` in double ones, `name` in backticks. */
  readonly kind: 'word' | 'quoted' | 'name' | 'text' | 'number' | 'symbol' | 'end';
  /** Without quotes; numbers as written. */
  readonly text: string;
  readonly position: number;
  /** Just behind it. */
  readonly end: number;
}

/** Makes the error for a place in the text. */
export type Problem = (position: number, what: string) => Error;

const patterns = [
  ['space', /\s+/uy],
  ['number', /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_])/uy],
  // A field may hold dots, slashes and dashes without quotes: metrics.system/gpu-1.load. A dot may stand between quoted parts.
  ['word', /[-+]?\.?[\p{L}_][\p{L}\p{N}_./:-]*|\.(?=["`])/uy],
  ['text', /'(?:''|\\'|[^'])*'/uy],
  ['quoted', /"(?:""|\\"|[^"])*"/uy],
  ['name', /`(?:``|[^`])*`/uy],
  ['symbol', /<=|>=|!=|<>|==|[=<>(),]/uy],
] as const;

/** @throws what `problem` makes */
export function tokenize(text: string, problem: Problem): Token[] {
  const tokens: Token[] = [];
  const nul = text.indexOf('\0');
  // PostgreSQL has no texts with it.
  if (nul >= 0) throw problem(nul, 'a NUL character has no meaning here');
  let position = 0;
  while (position < text.length) {
    const token = readToken(text, position, problem);
    if (token.kind !== 'space') tokens.push({ kind: token.kind, text: token.text, position, end: position + token.length });
    position += token.length;
  }
  tokens.push({ kind: 'end', text: '', position: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, position: number, problem: Problem): { kind: Token['kind'] | 'space'; text: string; length: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined)
      return { kind, text: kind === 'text' || kind === 'quoted' || kind === 'name' ? unquote(found) : found, length: found.length };
  }
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  throw problem(position, `'"\``.includes(character) ? `the quote ${character} is never closed` : `"${character}" has no meaning here`);
}

/** Inside quotes, a quote that is doubled or follows a backslash stands for itself. */
function unquote(text: string): string {
  const quote = text.charAt(0);
  const inner = text.slice(1, -1).replaceAll(quote + quote, quote);
  return quote === '`' ? inner : inner.replaceAll(`\\${quote}`, quote);
}
