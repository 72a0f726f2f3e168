import { appendFileSync, readFileSync } from 'node:fs';

/** What a step may be told and may tell: paths and parameters come in by the environment, the run log goes out as JSON lines. */

type ParameterValue = string | number | boolean;

/** Path of an input: a dataset is a directory of Parquet files, a step output is the file that the other step wrote. Read only. */
export function inputPath(name: string): string {
  return required(`RIPEN_INPUT_${environmentName(name)}`);
}

/** Path that the step must write; its folder exists. */
export function outputPath(name: string): string {
  return required(`RIPEN_OUTPUT_${environmentName(name)}`);
}

/**
 * The parameters of this step over their defaults. A parameter that the step does not know, or of another type than its
 * default, is an error: a misspelt parameter must not silently train another model.
 */
export function readParameters<const Defaults extends Readonly<Record<string, ParameterValue>>>(
  defaults: Defaults,
): { readonly [Name in keyof Defaults]: Widened<Defaults[Name]> } {
  const path = process.env['RIPEN_PARAMETERS'];
  const given: unknown = path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'));
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Error(`${path} must hold a JSON object of parameters.`);
  const merged: Record<string, ParameterValue> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const wanted = defaults[name];
    if (wanted === undefined) throw new Error(`Unknown parameter "${name}". This step knows: ${Object.keys(defaults).join(', ')}.`);
    if (typeof value !== typeof wanted) throw new Error(`Parameter "${name}" must be a ${typeof wanted}, got ${JSON.stringify(value)}.`);
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`Parameter "${name}" must be a finite number.`);
    merged[name] = value;
  }
  // The loop above checked each name and type against the defaults, which TypeScript cannot follow through a record.
  return merged as { readonly [Name in keyof Defaults]: Widened<Defaults[Name]> };
}

type Widened<Value> = Value extends number ? number : Value extends boolean ? boolean : string;

export function logParameters(parameters: Readonly<Record<string, ParameterValue>>): void {
  for (const [name, value] of Object.entries(parameters)) log({ type: 'parameter', name, value });
}

/** A point of a metric curve; without a step it is a figure of the whole run. */
export function logMetric(name: string, value: number, step?: number): void {
  log(step === undefined ? { type: 'metric', name, value } : { type: 'metric', name, value, step });
}

export function logTag(name: string, value: string): void {
  log({ type: 'tag', name, value });
}

export function logArtifact(name: string, path: string): void {
  log({ type: 'artifact', name, path });
}

export function logProgress(done: number, total: number, label: string): void {
  log({ type: 'progress', done, total, label });
}

function log(entry: Readonly<Record<string, unknown>>): void {
  const path = process.env['RIPEN_RUN_LOG'];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

function environmentName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') throw new Error(`${variable} is not set. Run this step by "ripen pipeline run", not by hand.`);
  return value;
}
