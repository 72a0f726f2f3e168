import { isRecord } from './field.ts';
import { MlflowError } from './mlflow-error.ts';

/** Bare NaN and infinities, as Python's json module writes them, and strings, in which they mean nothing. */
const bareNumbers = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

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
    const quoted = text.replaceAll(bareNumbers, (found) => (found.startsWith('"') ? found : `"${found}"`));
    if (quoted === text) throw malformed(cause instanceof Error ? cause.message : String(cause));
    try {
      return JSON.parse(quoted) as unknown;
    } catch {
      throw malformed(cause instanceof Error ? cause.message : String(cause));
    }
  }
}

function malformed(reason: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `The request body is not valid JSON: ${reason}. Nothing was changed; send it again as a JSON object.`,
  );
}
