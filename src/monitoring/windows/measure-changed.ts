import { monitoringSource, type Monitor, type MonitorWindow, type PredictionFile } from '../model.ts';
import type { Rooms } from '../deps.ts';
import { listLabelFiles } from '../labels/label-store.ts';
import { listFiles } from '../predictions/prediction-store.ts';
import { measureWindow } from './measure-window.ts';
import type { Reference, References } from './reference.ts';
import { countsSql, scanSql, type ScanRow } from './scan.ts';
import type { Evaluation } from './window-store.ts';

/** Rows of one window whose scores are looked at one by one; of more rows a sample by their id is. */
const mostScores = 200_000;
/** Scores that one scan may bring here. */
const mostScoresOfScan = 400_000;

/** Windows of one reference that one scan serves. */
interface Batch {
  readonly version: string;
  readonly sampledOneOf: number;
  readonly starts: number[];
  scores: number;
}

interface WindowCounts {
  readonly start: number;
  readonly versions: readonly { readonly version: string; readonly predictions: number }[];
  readonly rows: number;
  readonly duplicates: number;
}

/** Evaluates windows anew from the predictions and labels there are: one scan to count versions, one for each batch of windows. */
export async function measureChanged(
  { rooms, references }: { readonly rooms: Rooms; readonly references: References },
  monitor: Monitor,
  windows: readonly MonitorWindow[],
): Promise<readonly Evaluation[]> {
  const { window } = monitor.declaration;
  const range = { from: windows[0]?.start ?? 0, until: (windows.at(-1)?.start ?? 0) + window };
  const files = await listFiles(rooms.kernel.database, monitoringSource(monitor), range);
  if (files.length === 0) return windows.map((of) => emptyEvaluation(of, rooms.kernel.clock.now()));
  const predictions = await pathsOf(rooms, files);
  const labelFiles = await listLabelFiles(rooms.kernel.database, monitor, range);
  const labels = await pathsOf(rooms, labelFiles);
  const counts = await countVersions(rooms, { predictions, window, starts: windows.map(({ start }) => start) });
  const measured = new Map<number, Evaluation>();
  for (const batch of batchesOf(counts)) {
    const reference = await references.of(monitor.project, monitor.model, batch.version);
    for (const evaluation of await measureBatch({ rooms, monitor, files, predictions, labels, batch, reference, counts, windows })) {
      measured.set(evaluation.start, evaluation);
    }
  }
  return windows.map((of) => measured.get(of.start) ?? emptyEvaluation(of, rooms.kernel.clock.now()));
}

function pathsOf({ kernel }: Rooms, files: readonly Pick<PredictionFile, 'digest'>[]): Promise<string[]> {
  return Promise.all(files.map(({ digest }) => kernel.objects.path(digest)));
}

async function countVersions({ kernel }: Rooms, plan: Parameters<typeof countsSql>[0]): Promise<ReadonlyMap<number, WindowCounts>> {
  const rows = await kernel.analytics.query<{ w: number; version: string; n: number; ids: number }>(countsSql(plan));
  const counts = new Map<number, WindowCounts>();
  for (const { w, version, n, ids } of rows) {
    const before = counts.get(w) ?? { start: w, versions: [], rows: 0, duplicates: 0 };
    const versions = [...before.versions, { version, predictions: ids }];
    counts.set(w, { start: w, versions, rows: before.rows + ids, duplicates: before.duplicates + n - ids });
  }
  return counts;
}

/** Windows are compared with the reference of the version that made most of their predictions. */
function batchesOf(counts: ReadonlyMap<number, WindowCounts>): readonly Batch[] {
  const batches: Batch[] = [];
  for (const { start, versions, rows } of counts.values()) {
    const version = versions[0]?.version ?? '';
    const sampledOneOf = Math.max(1, Math.ceil(rows / mostScores));
    const scores = Math.ceil(rows / sampledOneOf);
    const fitting = batches.find(
      (batch) => batch.version === version && batch.sampledOneOf === sampledOneOf && batch.scores + scores <= mostScoresOfScan,
    );
    if (fitting === undefined) batches.push({ version, sampledOneOf, starts: [start], scores });
    else {
      fitting.starts.push(start);
      fitting.scores += scores;
    }
  }
  return batches;
}

interface BatchInput {
  readonly rooms: Rooms;
  readonly monitor: Monitor;
  readonly files: readonly PredictionFile[];
  readonly predictions: readonly string[];
  readonly labels: readonly string[];
  readonly batch: Batch;
  readonly reference: Reference;
  readonly counts: ReadonlyMap<number, WindowCounts>;
  readonly windows: readonly MonitorWindow[];
}

async function measureBatch({ rooms, monitor, batch, reference, ...input }: BatchInput): Promise<readonly Evaluation[]> {
  const { declaration } = monitor;
  const { clock, analytics } = rooms.kernel;
  const known = new Set(input.files.flatMap(({ inputs }) => inputs));
  const outputs = input.files.flatMap((file) => file.outputs);
  const scoreOutput = outputs.find((name) => name === reference.scoreOutput) ?? outputs[0];
  const watched = Object.keys(reference.columns);
  const inputs = watched.filter((name) => known.has(name));
  const lacking = watched.filter((name) => !known.has(name));
  const sql = scanSql({
    predictions: input.predictions,
    labels: input.labels,
    window: declaration.window,
    starts: batch.starts,
    inputs: inputs.map((name) => ({ column: `input.${name}`, reference: reference.columns[name] })),
    score: scoreOutput === undefined ? undefined : { column: `output.${scoreOutput}`, reference: reference.score },
    sampledOneOf: batch.sampledOneOf,
  });
  const rows = await analytics.query<ScanRow>(sql);
  return rows.flatMap((row) => {
    const counted = input.counts.get(Number(row['w']));
    const of = input.windows.find(({ start }) => start === Number(row['w']));
    if (counted === undefined || of === undefined) return [];
    const { versions, duplicates } = counted;
    const { sampledOneOf } = batch;
    const hasScore = scoreOutput !== undefined;
    const measured = measureWindow({ row, inputs, hasScore, reference, declaration, sampledOneOf, versions, duplicates });
    const notes = [...measured.detail.notes, ...lacking.map((name) => `The predictions carry no input "${name}".`)];
    const detail = { ...measured.detail, notes };
    return [
      {
        start: of.start,
        told: of.drift.told,
        evaluated: of.changes,
        evaluatedAt: clock.now(),
        version: batch.version,
        reference: reference.metrics,
        ...measured,
        detail,
      },
    ];
  });
}

function emptyEvaluation(of: MonitorWindow, now: number): Evaluation {
  const detail = {
    versions: [],
    duplicates: 0,
    columns: [],
    score: undefined,
    calibration: [],
    sampledOneOf: 1,
    notes: ['The window holds no predictions.'],
  };
  const metrics = { predictions: 0, requests: 0 };
  return {
    start: of.start,
    told: of.drift.told,
    evaluated: of.changes,
    evaluatedAt: now,
    predictions: 0,
    labelled: 0,
    version: undefined,
    metrics,
    reference: {},
    found: [],
    detail,
  };
}
