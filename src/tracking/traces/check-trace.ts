import { traceErrors } from './errors.ts';
import type { Span } from './model.ts';
import { limits } from './well-known.ts';

const idShape = /^[\w\-:.]{1,50}$/;

/** @throws `tracking.trace-invalid` */
export function checkTraceId(id: string): string {
  if (!idShape.test(id))
    throw traceErrors['trace-invalid']({
      what: `the id "${id.slice(0, 60)}"`,
      problem: 'must be 1 to 50 letters, digits, "-", "_", ":" or "."',
    });
  return id;
}

/** Labels as both databases keep them: long values are cut, as the clients of traces expect. @throws `tracking.trace-invalid` */
export function checkLabels(what: 'tag' | 'metadata', labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).map(([name, value]) => [checkLabelName(what, name), cleanText(value, limits.value)]);
}

/** @throws `tracking.trace-invalid` */
export function checkLabelName(what: 'tag' | 'metadata', name: string): string {
  const problem = name === '' ? 'is empty' : name.length > limits.key ? `is longer than ${limits.key} characters` : undefined;
  if (problem !== undefined || name !== cleanText(name, limits.key))
    throw traceErrors['trace-invalid']({ what: `the ${what} name "${name.slice(0, 60)}"`, problem: problem ?? 'is not valid Unicode' });
  return name;
}

/** Without what databases refuse (NUL, half characters), and no longer than asked. */
export function cleanText(text: string, limit: number): string {
  return (text.length > limit ? text.slice(0, limit) : text).toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Microseconds since 1970 up to here are exact numbers: the year 2255. */
const latest = BigInt(Number.MAX_SAFE_INTEGER) * 1000n;

/** @throws `tracking.trace-invalid` when ids or times make no sense */
export function checkSpan(span: Span): Span {
  const invalid = (problem: string) => traceErrors['trace-invalid']({ what: `the span "${span.name.slice(0, 60)}"`, problem });
  if (!/^[0-9a-f]{1,32}$/.test(span.id)) throw invalid('has no id');
  if (span.startedAt < 0n || span.startedAt > latest || (span.endedAt ?? 0n) > latest) throw invalid('has no possible time');
  const endedAt = span.endedAt !== undefined && span.endedAt < span.startedAt ? span.startedAt : span.endedAt;
  const name = cleanText(span.name, 1000);
  return { ...span, endedAt, name };
}
