import type { TraceWire } from '#tracking/traces/wire.ts';

/** What somebody typed, as JSON where it is some, else as text. */
export function valueOf(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    // Words without quotes are a text.
    return typed;
  }
}

interface Given {
  readonly name: string;
  readonly kind: 'feedback' | 'expectation';
  readonly value: unknown;
  readonly span: string | undefined;
  readonly rationale: string | undefined;
}

export function assessCommand(trace: Pick<TraceWire, 'id' | 'project'>, { name, kind, value, span, rationale }: Given): string {
  return [
    `ripen traces assess ${trace.id}`,
    `--name ${quoted(name)}`,
    `--value ${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`,
    ...(kind === 'expectation' ? ['--expected'] : []),
    ...(span === undefined ? [] : [`--span ${span}`]),
    ...(rationale === undefined ? [] : [`--reason ${quoted(rationale)}`]),
    `--project ${trace.project}`,
  ].join(' ');
}

/** For a shell: plain words stay as they are. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
