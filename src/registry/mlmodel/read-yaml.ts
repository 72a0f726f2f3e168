import { isScalar, parseDocument, visit } from 'yaml';
import type { Json } from '#kernel/canonical-json.ts';

/** Larger files than this are no descriptions but something else. */
export const largestYaml = 2_000_000;
const mostAliases = 100;

/**
 * YAML as Python's safe loader writes it, into JSON. Tags that would make objects of another language stay text; versions such as
 * `1.10` stay as they are written instead of becoming the number 1.1.
 * @throws Error with the reason in plain words
 */
export function readYaml(text: string): Json {
  if (text.length > largestYaml) throw new Error(`it has ${text.length} characters; the limit is ${largestYaml}`);
  // Core schema: no dates, no binaries, no `yes`; doubled keys are what Python reads too, the last one counts.
  const document = parsed(() => parseDocument(text, { schema: 'core', uniqueKeys: false, logLevel: 'error', prettyErrors: true }));
  const [error] = document.errors;
  if (error !== undefined) throw new Error(firstLine(error.message), { cause: error });
  parsed(() => {
    visit(document, {
      Pair(_, { key, value }) {
        const versioned = isScalar(key) && typeof key.value === 'string' && key.value.endsWith('version');
        if (versioned && isScalar(value) && typeof value.value === 'number' && value.source !== undefined) value.value = value.source;
      },
    });
  });
  const value: unknown = parsed(() => document.toJS({ maxAliasCount: mostAliases }));
  // JSON again: what YAML has beyond it (infinities, undefined, shared objects) must not get further.
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}

function parsed<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new Error('it is nested too deeply', { cause: error });
    if (error instanceof ReferenceError) throw new Error('it refers to itself too often', { cause: error });
    throw error;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/:$/, '');
}
