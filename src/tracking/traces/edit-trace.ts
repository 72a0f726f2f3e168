import type { Queryable } from '#kernel/database/index.ts';
import type { Workshop } from '../service.ts';
import type { TraceAddress } from './assess.ts';
import { checkLabelName, cleanText } from './check-trace.ts';
import { traceErrors } from './errors.ts';
import type { PromptReference } from './model.ts';
import type { TraceRow } from './tables.ts';
import { insertPrompts, linkRuns, readPrompts, removeTag, setLabels } from './label-store.ts';
import { holdTraces, updateTrace } from './trace-store.ts';
import { limits, traceTag } from './well-known.ts';

/** @throws `tracking.trace-not-found`, `tracking.trace-invalid` */
export async function setTraceTag(workshop: Workshop, at: TraceAddress, tag: { name: string; value: string }): Promise<void> {
  const name = checkLabelName('tag', tag.name);
  const value = cleanText(tag.value, limits.value);
  await workshop.database.transaction(async (tx) => {
    const { number } = await hold(tx, at);
    if (name === traceTag.name) await updateTrace(tx, number, { name: cleanText(value, limits.name) });
    else await setLabels(tx, 'trace_tags', [{ trace: number, name, value }]);
  });
}

/** @throws `tracking.trace-not-found`, `tracking.trace-tag-not-found` */
export async function removeTraceTag(workshop: Workshop, at: TraceAddress, name: string): Promise<void> {
  await workshop.database.transaction(async (tx) => {
    const row = await hold(tx, at);
    const removed = name === traceTag.name ? row.name !== null : await removeTag(tx, row.number, name);
    if (!removed) throw traceErrors['trace-tag-not-found']({ trace: at.trace, tag: name.slice(0, 250) });
    if (name === traceTag.name) await updateTrace(tx, row.number, { name: null });
  });
}

/** Says that traces belong to a run; doing it again changes nothing. @throws `tracking.too-many-traces`, `tracking.trace-not-found` */
export async function linkTracesToRun(
  workshop: Workshop,
  { project, traces, run }: { project: string; traces: readonly string[]; run: string },
): Promise<void> {
  const ids = [...new Set(traces)];
  if (ids.length > limits.linkedTraces) throw traceErrors['too-many-traces']({ count: ids.length, limit: limits.linkedTraces });
  await workshop.database.transaction(async (tx) => {
    const held = await holdTraces(tx, project, ids);
    for (const id of ids) if (!held.has(id)) throw traceErrors['trace-not-found']({ trace: id.slice(0, 100), project });
    await linkRuns(
      tx,
      [...held.values()].map(({ number }) => ({ trace: number, run })),
    );
  });
}

/** Says which prompt versions a trace used; they add to those that are there. @throws `tracking.trace-not-found` */
export async function linkPrompts(workshop: Workshop, at: TraceAddress, prompts: readonly PromptReference[]): Promise<void> {
  const clean = prompts.map(({ name, version }) => ({ name: cleanText(name, 500), version: cleanText(version, 100) }));
  await workshop.database.transaction(async (tx) => {
    const { number } = await hold(tx, at);
    await insertPrompts(tx, number, clean);
    const all = await readPrompts(tx, number);
    await setLabels(tx, 'trace_tags', [{ trace: number, name: traceTag.linkedPrompts, value: JSON.stringify(all) }]);
  });
}

async function hold(tx: Queryable, { project, trace }: TraceAddress): Promise<TraceRow> {
  const row = (await holdTraces(tx, project, [trace])).get(trace);
  if (row === undefined) throw traceErrors['trace-not-found']({ trace: trace.slice(0, 100), project });
  return row;
}
