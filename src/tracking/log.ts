import type { Queryable } from '#kernel/database/index.ts';
import { trackingErrors } from './errors.ts';
import { insertParameters, readParameterValues, removeTags, setTags } from './fact-store.ts';
import { insertPoints, updateLatest } from './metric-store.ts';
import type { LogBatch, MetricEntry } from './model.ts';
import { checkBatch, parameterText } from './names.ts';
import { findRun, holdRun, type RunReference } from './run-store.ts';
import { required, type RunAddress } from './runs.ts';
import type { Workshop } from './service.ts';
import type { PointRow } from './store.ts';

/**
 * Adds metrics, parameters and tags to a run, all or nothing. Sending the same again changes nothing: a point is known by
 * run, metric, step and time; a parameter may be repeated with its own value only. Also an ended run takes them: figures are
 * often computed later. No event: these are data.
 * @throws `tracking.parameter-changed`, `tracking.run-deleted`, `tracking.run-not-found`, `tracking.name-invalid`,
 * `tracking.value-too-long`, `tracking.value-invalid`, `tracking.batch-too-large`
 */
export async function logBatch(workshop: Workshop, address: RunAddress, batch: LogBatch): Promise<void> {
  checkBatch(batch);
  const { project } = required(await findRun(workshop.database, address.run, address.project), address);
  const numbers = await internNames(workshop, project, batch);
  const now = workshop.clock.now();
  await workshop.database.transaction(async (tx) => {
    const run = required(await holdRun(tx, address.run), address);
    if (run.deleted_at !== null) throw trackingErrors['run-deleted']({ run: run.id });
    await writeParameters(tx, run, { parameters: batch.parameters ?? {}, numbers: numbers.parameter });
    await writeMetrics(tx, pointRows(run.number, { metrics: batch.metrics ?? [], numbers: numbers.metric, now }));
    const tags = Object.entries(batch.tags ?? {}).map(([name, value]) => ({ tag: numbers.tag.get(name) ?? 0, value }));
    await setTags(tx, run.number, tags);
    await removeTags(tx, run.number, [...numbers.removed.values()]);
  });
}

type Numbers = ReadonlyMap<string, number>;

async function internNames({ names }: Workshop, project: string, batch: LogBatch) {
  const metrics = (batch.metrics ?? []).map((metric) => metric.name);
  return {
    metric: await names.intern(project, 'metric', metrics),
    parameter: await names.intern(project, 'parameter', Object.keys(batch.parameters ?? {})),
    tag: await names.intern(project, 'tag', Object.keys(batch.tags ?? {})),
    removed: await names.find(project, 'tag', batch.removedTags ?? []),
  };
}

async function writeParameters(
  tx: Queryable,
  run: RunReference,
  { parameters, numbers }: { parameters: NonNullable<LogBatch['parameters']>; numbers: Numbers },
): Promise<void> {
  const wanted = Object.entries(parameters).map(([name, value]) => ({
    name,
    parameter: numbers.get(name) ?? 0,
    value: parameterText(value),
  }));
  if (wanted.length === 0) return;
  const present = await readParameterValues(
    tx,
    run.number,
    wanted.map(({ parameter }) => parameter),
  );
  for (const { name, parameter, value } of wanted) {
    const kept = present.get(parameter);
    if (kept !== undefined && kept !== value) {
      throw trackingErrors['parameter-changed']({ run: run.id, parameter: name, value: shorten(kept), attempted: shorten(value) });
    }
  }
  await insertParameters(
    tx,
    run.number,
    wanted.filter(({ parameter }) => !present.has(parameter)),
  );
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** One row per (metric, step, time), the last one of the batch, in the order of the key: writers then lock in one order. */
function pointRows(run: number, { metrics, numbers, now }: { metrics: readonly MetricEntry[]; numbers: Numbers; now: number }): PointRow[] {
  const rows = new Map<string, PointRow>();
  for (const { name, value, step = 0, time = now } of metrics) {
    const metric = numbers.get(name) ?? 0;
    rows.set(`${metric} ${step} ${time}`, { run, metric, step, time, value: Number.isNaN(value) ? null : value });
  }
  return [...rows.values()].toSorted((a, b) => a.metric - b.metric || a.step - b.step || a.time - b.time);
}

async function writeMetrics(tx: Queryable, rows: readonly PointRow[]): Promise<void> {
  if (rows.length === 0) return;
  await insertPoints(tx, rows);
  // Rows are in the order of step and time, so the last one of each metric stays.
  await updateLatest(tx, [...new Map(rows.map((row) => [row.metric, row])).values()]);
}
