import { posix } from 'node:path';
import { MlflowError } from './protocol/index.ts';

/**
 * The rules that MLflow has for keys of metrics, params and tags, in its own words (reference: mlflow/utils/validation.py of the
 * Python package). Ripen itself allows more.
 */

const allowed = /^[/\p{L}\p{N}\p{M}_.\- :]*$/u;
const longestKey = 250;
const characters = 'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).';

/** @throws MlflowError INVALID_PARAMETER_VALUE that names the field as `path` */
export function checkKey(key: string, path: string, what = path): string {
  // As in MLflow, an empty text is no key.
  if (key === '') throw missingValue(path.replace(/name$/, 'key'));
  if (!allowed.test(key)) throw invalidKey(key, path, characters);
  const resolved = key.includes('/') || key.startsWith('.') ? normalized(key) : key;
  if (resolved !== key || resolved === '.' || resolved.startsWith('..') || resolved.startsWith('/')) {
    const shown = `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '${resolved}'`;
    throw invalidKey(key, path, shown);
  }
  if (key.length > longestKey) throw tooLong(what, longestKey);
  return key;
}

export function missingValue(path: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Missing value for required parameter '${path}'. See the API docs for more information about request parameters.`,
  );
}

export function tooLong(what: string, limit: number): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', `'${what}' exceeds the maximum length of ${limit} characters`);
}

function normalized(key: string): string {
  const path = posix.normalize(key);
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

function invalidKey(key: string, path: string, problem: string): MlflowError {
  const shown = JSON.stringify(key.length > 300 ? `${key.slice(0, 300)}…` : key);
  return new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${shown} for parameter '${path}' supplied: ${problem}`);
}

const runIdForm = /^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u;

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkRunId(id: string): string {
  if (!runIdForm.test(id))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${JSON.stringify(id.slice(0, 300))} for parameter 'run_id' supplied.`);
  return id;
}

/** The number of an experiment from its id on the wire. @throws MlflowError INVALID_PARAMETER_VALUE */
export function experimentNumber(id: string): number {
  const number = /^\s*[+-]?\d{1,15}\s*$/.test(id) ? Number(id) : Number.NaN;
  if (Number.isNaN(number)) {
    const shown = id.slice(0, 100);
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid experiment ID '${shown}'. Experiment ID must be a valid integer.`);
  }
  return number;
}
