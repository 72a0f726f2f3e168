import { trackingErrors } from './errors.ts';
import type { LogBatch, MetricEntry, ParameterValue } from './model.ts';

/** Lengths in UTF-16 code units; artifact names in UTF-8 bytes. Each stays within what an index entry of PostgreSQL can hold. */
export const limits = {
  name: 250,
  experimentName: 500,
  datasetName: 500,
  artifactLocation: 2048,
  artifactName: 1000,
  parameterValue: 1024 * 1024,
  tagValue: 1024 * 1024,
  inputDetails: 40_000_000,
  metrics: 10_000,
  parameters: 1_000,
  tags: 1_000,
  inputs: 1_000,
  runsAtOnce: 100,
} as const;

// oxlint-disable-next-line no-control-regex -- these are the characters to refuse
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** Names of experiments, runs, metrics, parameters and tags: any letters of any language, on one line. @throws `tracking.name-invalid` */
export function checkName(what: string, name: string, limit: number = limits.name): string {
  const problem = problemOf(name, limit);
  if (problem !== undefined) throw trackingErrors['name-invalid']({ what, name: name.slice(0, 100), problem });
  return name;
}

function problemOf(name: string, limit: number): string | undefined {
  if (name.trim() === '') return 'it is empty';
  if (name.length > limit) return `it has ${name.length} characters and the limit is ${limit}`;
  if (controlCharacters.test(name)) return 'it holds a control character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  return undefined;
}

/** `folder/file`: relative, without empty, `.` or `..` parts. @throws `tracking.name-invalid` */
export function checkArtifactName(name: string): string {
  const parts = name.split('/');
  const problem =
    problemOf(name, limits.artifactName) ??
    (Buffer.byteLength(name) > limits.artifactName ? `it is longer than ${limits.artifactName} bytes` : undefined) ??
    (parts.some((part) => part === '' || part === '.' || part === '..')
      ? 'it must be a relative path whose parts are not empty, "." or ".."'
      : undefined) ??
    (name.includes('\\') ? 'it holds a backslash; folders are separated by /' : undefined);
  if (problem !== undefined) throw trackingErrors['name-invalid']({ what: 'an artifact', name: name.slice(0, 100), problem });
  return name;
}

/** A text that both databases keep exactly. @throws `tracking.value-too-long`, `tracking.value-invalid` */
export function checkValue(what: 'parameter' | 'tag' | 'input', name: string, value: string): string {
  const limit = { parameter: limits.parameterValue, tag: limits.tagValue, input: limits.inputDetails }[what];
  if (value.length > limit) throw trackingErrors['value-too-long']({ what, name, length: value.length, limit });
  if (value.includes('\0')) throw trackingErrors['value-invalid']({ what, name, problem: 'it holds a NUL character' });
  if (!value.isWellFormed()) throw trackingErrors['value-invalid']({ what, name, problem: 'it is not valid Unicode' });
  return value;
}

/** Parameters are kept as text; a number and its usual spelling are the same value. */
export function parameterText(value: ParameterValue): string {
  return String(value);
}

const longestNumber = 64;

/** The number that a parameter's text says, for comparisons and order; undefined when it is no finite number. */
export function numberOf(text: string): number | undefined {
  if (text.length > longestNumber || !/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** @throws `tracking.*` for the first thing that cannot be kept */
export function checkBatch(batch: LogBatch): void {
  checkCounts(batch);
  for (const metric of batch.metrics ?? []) checkMetric(metric);
  for (const [name, value] of Object.entries(batch.parameters ?? {}))
    checkValue('parameter', checkName('a parameter', name), parameterText(value));
  for (const [name, value] of Object.entries(batch.tags ?? {})) checkValue('tag', checkName('a tag', name), value);
  for (const name of batch.removedTags ?? []) checkName('a tag', name);
}

/** @throws `tracking.batch-too-large` */
export function checkCounts({ metrics = [], parameters = {}, tags = {}, removedTags = [] }: LogBatch): void {
  checkCount('metrics', metrics.length);
  checkCount('parameters', Object.keys(parameters).length);
  checkCount('tags', Object.keys(tags).length + removedTags.length);
}

function checkCount(what: 'metrics' | 'parameters' | 'tags', count: number): void {
  if (count > limits[what]) throw trackingErrors['batch-too-large']({ what, count, limit: limits[what] });
}

function checkMetric(metric: MetricEntry): void {
  checkName('a metric', metric.name);
  const { modelId = '', datasetName = '', datasetDigest = '' } = metric;
  if (modelId !== '') checkName('a model', modelId);
  if (datasetName !== '') checkName('a dataset', datasetName, limits.datasetName);
  if (datasetDigest !== '') checkName('a dataset', datasetDigest);
  checkPlace(metric);
}

/** @throws `tracking.metric-invalid` unless step and time are whole numbers that a double holds exactly */
export function checkPlace({ name, step, time }: MetricEntry): void {
  if (step !== undefined && !isPlace(step)) throw trackingErrors['metric-invalid']({ metric: name, field: 'step', value: String(step) });
  if (time !== undefined && !isPlace(time)) throw trackingErrors['metric-invalid']({ metric: name, field: 'time', value: String(time) });
}

function isPlace(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 53) && value <= 2 ** 53;
}
