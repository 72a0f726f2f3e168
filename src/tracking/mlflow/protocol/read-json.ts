import { isRecord } from './field.ts';
import { MlflowError } from './mlflow-error.ts';

/** Bare NaN and infinities, as Python's json module writes them, and the quotes of texts, in which they mean nothing. */
const bareOrQuote = /"|-?\b(?:NaN|Infinity)\b/g;

/**
 * The object in a request body. An empty body is an empty object; a JSON string that holds JSON is read once more, as old clients send it.
 * @throws MlflowError `INVALID_PARAMETER_VALUE` for anything that is no JSON object
 */
export function readJsonObject(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  const value = parse(body.toString('utf8'));
  const inner = typeof value === 'string' ? parse(value) : value;
  if (!isRecord(inner)) throw malformed('it is not an object');
  return inner;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const quoted = withQuotedNumbers(text);
    if (quoted === text) throw malformed(cause instanceof Error ? cause.message : String(cause));
    try {
      return JSON.parse(quoted) as unknown;
    } catch {
      throw malformed(cause instanceof Error ? cause.message : String(cause));
    }
  }
}

/** One walk over the text: a pattern for whole texts in quotes would run out of stack on a long one. */
function withQuotedNumbers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  bareOrQuote.lastIndex = 0;
  for (let found = bareOrQuote.exec(text); found !== null; found = bareOrQuote.exec(text)) {
    if (found[0] === '"') {
      bareOrQuote.lastIndex = endOfText(text, found.index);
      continue;
    }
    parts.push(text.slice(from, found.index), `"${found[0]}"`);
    from = bareOrQuote.lastIndex;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

/** The place after the closing quote of the text that opens at `start`. */
function endOfText(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function malformed(reason: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `The request body is not valid JSON: ${reason}. Nothing was changed; send it again as a JSON object.`,
  );
}
