import { type LogEntry, type LoggedRun, type PackedBatch, type Series, seriesOf } from './log-entry.ts';
import type { LogBatch, MetricEntry, MetricSubject } from '../model.ts';
import { checkBatch, checkCounts, checkPlace, checkValue, parameterText } from '../names.ts';
import type { RunAddress } from '../runs/runs.ts';
import type { Workshop } from '../service.ts';
import { runAlone } from '../metrics/subject-store.ts';

/**
 * Adds metrics, parameters and tags to a run, all or nothing. Sending the same again changes nothing: a point is known by run, metric,
 * step, time and value; a parameter may be repeated with its own value only. Also an ended run takes them: figures are often computed
 * later. No event: these are data. The promise is kept once the commit is.
 * @throws `tracking.parameter-changed`, `tracking.run-deleted`, `tracking.run-not-found`, `tracking.name-invalid`,
 * `tracking.value-too-long`, `tracking.value-invalid`, `tracking.batch-too-large`, `tracking.overloaded`
 */
export async function logBatch(workshop: Workshop, address: RunAddress, batch: LogBatch): Promise<void> {
  const run = workshop.runs.known(address);
  if (run !== undefined) {
    const entry = pack(workshop, run, batch);
    if (entry !== undefined) return workshop.intake.add(entry);
  }
  return logNews(workshop, address, batch);
}

/** One point, the shortest way. @throws as `logBatch` */
export async function logMetric(workshop: Workshop, address: RunAddress, metric: MetricEntry): Promise<void> {
  const run = workshop.runs.known(address);
  const entry = run === undefined ? undefined : packPoint(workshop, run, metric);
  return entry === undefined ? logNews(workshop, address, { metrics: [metric] }) : workshop.intake.add(entry);
}

/** Logs what has a run or names that were not met yet. */
async function logNews(workshop: Workshop, address: RunAddress, batch: LogBatch): Promise<void> {
  checkBatch(batch);
  const run = await workshop.runs.find(address);
  const { names, subjects } = workshop;
  const metrics = (batch.metrics ?? []).map((metric) => metric.name);
  // Many names at once could push each other out of what is remembered, so they are looked up from what was found here.
  const found = {
    metric: await names.intern(run.project, 'metric', metrics),
    parameter: await names.intern(run.project, 'parameter', Object.keys(batch.parameters ?? {})),
    tag: await names.intern(run.project, 'tag', Object.keys(batch.tags ?? {})),
  };
  const removedTags = (await names.find(run.project, 'tag', batch.removedTags ?? [])).values();
  const series: Series[] = [];
  for (const metric of batch.metrics ?? []) {
    const subject = subjects.known(run.project, metric) ?? (await subjects.intern(run.project, metric));
    series.push(seriesOf(run, found.metric.get(metric.name) ?? 0, subject));
  }
  const parameters = Object.entries(batch.parameters ?? {}).map(([name, value]) => ({
    name,
    number: found.parameter.get(name) ?? 0,
    value: parameterText(value),
  }));
  const tags = Object.entries(batch.tags ?? {}).map(([name, value]) => ({ number: found.tag.get(name) ?? 0, value }));
  const packed = { series, ...columnsOf(batch.metrics ?? [], workshop.clock.now()), parameters, tags, removedTags: [...removedTags] };
  await workshop.intake.add(entryOf(run, packed));
}

/** The entry of a batch whose names are all known; undefined when one is not. A name that is known is a valid one. */
function pack(workshop: Workshop, run: LoggedRun, batch: LogBatch): LogEntry | undefined {
  const { metrics = [], parameters, tags, removedTags } = batch;
  const [first] = metrics;
  if (parameters === undefined && tags === undefined && removedTags === undefined && metrics.length === 1 && first !== undefined) {
    return packPoint(workshop, run, first);
  }
  checkCounts(batch);
  const series = packSeries(workshop, run, metrics);
  const facts = packFacts(workshop, run, batch);
  if (series === undefined || facts === undefined) return undefined;
  return entryOf(run, { series, ...columnsOf(metrics, workshop.clock.now()), ...facts });
}

function packPoint({ names, subjects, clock }: Workshop, run: LoggedRun, entry: MetricEntry): LogEntry | undefined {
  const metric = names.known(run.project, 'metric').get(entry.name);
  const subject = hasSubject(entry) ? subjects.known(run.project, entry) : runAlone;
  if (metric === undefined || subject === undefined) return undefined;
  checkPlace(entry);
  const { step = 0, time = clock.now(), value } = entry;
  return { run, series: seriesOf(run, metric, subject), step, time, value, batch: undefined, weight: pointWeight };
}

function packSeries({ names, subjects }: Workshop, run: LoggedRun, metrics: readonly MetricEntry[]): Series[] | undefined {
  const numbers = names.known(run.project, 'metric');
  const series: Series[] = [];
  for (const entry of metrics) {
    const metric = numbers.get(entry.name);
    const subject = hasSubject(entry) ? subjects.known(run.project, entry) : runAlone;
    if (metric === undefined || subject === undefined) return undefined;
    checkPlace(entry);
    series.push(seriesOf(run, metric, subject));
  }
  return series;
}

function hasSubject({ modelId, datasetName, datasetDigest }: MetricSubject): boolean {
  return modelId !== undefined || datasetName !== undefined || datasetDigest !== undefined;
}

function packFacts(
  { names }: Workshop,
  run: LoggedRun,
  batch: LogBatch,
): Pick<PackedBatch, 'parameters' | 'tags' | 'removedTags'> | undefined {
  const parameters: PackedBatch['parameters'][number][] = [];
  for (const [name, given] of Object.entries(batch.parameters ?? {})) {
    const number = names.known(run.project, 'parameter').get(name);
    if (number === undefined) return undefined;
    parameters.push({ name, number, value: checkValue('parameter', name, parameterText(given)) });
  }
  const tags: PackedBatch['tags'][number][] = [];
  for (const [name, value] of Object.entries(batch.tags ?? {})) {
    const number = names.known(run.project, 'tag').get(name);
    if (number === undefined) return undefined;
    tags.push({ number, value: checkValue('tag', name, value) });
  }
  const removedTags: number[] = [];
  for (const name of batch.removedTags ?? []) {
    const number = names.known(run.project, 'tag').get(name);
    if (number === undefined) return undefined;
    removedTags.push(number);
  }
  return { parameters, tags, removedTags };
}

function columnsOf(metrics: readonly MetricEntry[], now: number): Pick<PackedBatch, 'steps' | 'times' | 'values'> {
  const steps = new Float64Array(metrics.length);
  const times = new Float64Array(metrics.length);
  const values = new Float64Array(metrics.length);
  for (let index = 0; index < metrics.length; index++) {
    const { step = 0, time = now, value = 0 } = metrics[index] ?? {};
    steps[index] = step;
    times[index] = time;
    values[index] = value;
  }
  return { steps, times, values };
}

/** Bytes that a waiting point, and any waiting entry, takes besides its texts. */
const pointWeight = 64;

function entryOf(run: LoggedRun, batch: PackedBatch): LogEntry {
  const texts = [...batch.parameters, ...batch.tags].reduce((sum, { value }) => sum + pointWeight + 2 * value.length, 0);
  const weight = pointWeight * (1 + batch.series.length + batch.removedTags.length) + texts;
  return { run, series: undefined, step: 0, time: 0, value: 0, batch, weight };
}

/** Waits until the points of a run that ended are packed. */
export async function sealRun(workshop: Workshop, run: string): Promise<void> {
  await workshop.intake.seal(await workshop.runs.find({ run }));
}
