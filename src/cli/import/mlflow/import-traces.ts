import type { ImportTracesWire } from '#tracking/index.ts';
import { sendParts } from './send-parts.ts';
import { listFiles, sendFiles } from './send-files.ts';
import { findMarks, type ImportSession, inGroups, type Mark, setMarks, stateOf } from './session.ts';
import type { SourceFile, SourcePlace, SourceTrace } from './source.ts';

const tracesAtOnce = 50;

/** Brings the traces of one experiment over: what they are, spans, assessments, and files beside them. */
export async function importTraces(session: ImportSession, experiment: string): Promise<void> {
  const { tally } = session;
  for await (const traces of inGroups(session.source.traces(experiment), tracesAtOnce)) {
    session.signal.throwIfAborted();
    const known = await findMarks(
      session,
      'trace',
      traces.map(({ id }) => id),
    );
    const states = new Map(traces.map((trace) => [trace.id, stateOf(trace)]));
    const news = traces.filter(({ id }) => known.get(id)?.state !== states.get(id));
    tally.add('traces', { source: traces.length, here: traces.length - news.length });
    const files = traces.length - news.length;
    for (const { id } of traces) if (!news.some((each) => each.id === id)) countFiles(session, known.get(id)?.counts['files'] ?? 0);
    if (files < traces.length) await setMarks(session, 'trace', await bring(session, news, states));
    session.task.update({ done: tally.report.counts.traces.source });
  }
}

function countFiles({ tally }: ImportSession, count: number): void {
  tally.add('traceFiles', { source: count, here: count });
}

async function bring(
  session: ImportSession,
  traces: readonly SourceTrace[],
  states: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Mark>> {
  const { tally } = session;
  const marks = new Map<string, Mark>();
  const items = await sendParts(
    session,
    'traces',
    traces.map((trace) => wireTrace(session, trace)),
  );
  const refused = new Map(
    items.flatMap(({ id, outcome, problem }) => (outcome === 'refused' ? [[id, problem?.message ?? ''] as const] : [])),
  );
  for (const trace of traces) {
    const problem = refused.get(trace.id);
    if (problem !== undefined) {
      tally.lack({ kind: 'traces', id: trace.id, problem });
      continue;
    }
    tally.add('traces', { here: 1, brought: 1 });
    const files = await filesOf(session, trace);
    const there = await sendFiles(session, { ...files, present: new Map(), kind: 'traceFiles' });
    tally.add('traceFiles', { source: files.files.length, here: there });
    if (there === files.files.length) marks.set(trace.id, { state: states.get(trace.id) ?? '', counts: { files: there } });
  }
  return marks;
}

/** Where the source has the spans themselves, a file of them says nothing more. */
async function filesOf(session: ImportSession, trace: SourceTrace): Promise<{ place: SourcePlace; files: readonly SourceFile[] }> {
  const { id, experiment, artifactUri, spans } = trace;
  const place: SourcePlace = { kind: 'trace', id, experiment, uri: artifactUri ?? '' };
  const hasSpans = spans !== undefined || trace.export !== undefined;
  const found = artifactUri === undefined ? [] : (await listFiles(session, place, 'traceFiles')).files;
  return { place, files: (found ?? []).filter(({ name }) => !(hasSpans && name === 'traces.json')) };
}

function wireTrace(session: ImportSession, given: SourceTrace): ImportTracesWire['traces'][number] {
  const { experiment, artifactUri: _, ...trace } = given;
  return { ...trace, experiment: session.experiments.get(experiment)?.sequence ?? 0 };
}
