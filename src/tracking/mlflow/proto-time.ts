import { MlflowError } from './protocol/index.ts';

/** Milliseconds of protobuf's JSON of a duration. @throws MlflowError */
export function readDuration(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const [, seconds] = /^(-?\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  if (seconds === undefined) throw invalid(text, name);
  return Math.max(0, Math.round(Number(seconds) * 1000));
}

/** Epoch milliseconds of protobuf's JSON of a time (RFC 3339). @throws MlflowError */
export function readTime(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(text, name);
  return time;
}

function invalid(text: string, name: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${JSON.stringify(text.slice(0, 100))} for parameter '${name}' supplied.`,
  );
}
