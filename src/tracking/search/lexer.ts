import { trackingErrors } from '../errors.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'symbol' | 'end';
  /** Without quotes; numbers as written. */
  readonly text: string;
  readonly position: number;
}

const patterns = [
  ['space', /\s+/uy],
  ['number', /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_])/uy],
  // A field may hold dots, slashes and dashes without quotes: metrics.system/gpu-1.load
  ['word', /[-+]?[\p{L}_][\p{L}\p{N}_./:-]*/uy],
  ['text', /'(?:[^']|'')*'/uy],
  ['quoted', /"(?:[^"]|"")*"|`(?:[^`]|``)*`/uy],
  ['symbol', /<=|>=|!=|<>|==|[=<>(),]/uy],
] as const;

/** @throws `tracking.filter-invalid` */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < filter.length) {
    const token = readToken(filter, position);
    position += token.length;
    if (token.kind !== 'space') tokens.push({ kind: token.kind, text: token.text, position: position - token.length });
  }
  tokens.push({ kind: 'end', text: '', position: filter.length });
  return tokens;
}

function readToken(filter: string, position: number): { kind: Token['kind'] | 'space'; text: string; length: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const text = pattern.exec(filter)?.[0];
    if (text !== undefined) return { kind, text: kind === 'text' || kind === 'quoted' ? unquote(text) : text, length: text.length };
  }
  const character = String.fromCodePoint(filter.codePointAt(position) ?? 0);
  const unended = `'"\``.includes(character);
  throw trackingErrors['filter-invalid']({
    filter,
    position,
    problem: unended ? `the quote ${character} is never closed` : `"${character}" has no meaning here`,
  });
}

/** A doubled quote inside quotes stands for itself. */
function unquote(text: string): string {
  const quote = text.charAt(0);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
