import { RipenError } from '#kernel/errors.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { openExperiment } from '../experiments/experiments.ts';
import { setTags } from './fact-store.ts';
import { insertInputs } from './input-store.ts';
import { findRunByRequest, insertRuns, type LabelledRunRow, type NewRun } from './run-store.ts';
import { runSubject, source, type Workshop } from '../service.ts';
import { newRun, startedData, type StartRun } from './start-run.ts';
import type { ExperimentRow } from '../store.ts';

/** A run that is to be started, checked. */
export interface Start {
  readonly input: StartRun;
  /** Numbers of the names of its tags, and perhaps of others. */
  readonly tags: ReadonlyMap<string, number>;
}

/** The row, and whether it is of this start; or why it was refused. */
export type Outcome = { readonly row: LabelledRunRow; readonly isNew: boolean } | { readonly refused: RipenError };

interface Draft {
  readonly start: Start;
  readonly run: NewRun;
  readonly experiment: ExperimentRow;
}

/** Starts runs as parts of one change; the outcomes are in the order of the starts. */
export async function writeStarts(
  change: Change,
  { workshop, context, starts }: { workshop: Workshop; context: ChangeContext; starts: readonly Start[] },
): Promise<Outcome[]> {
  const drafts = new Map<Start, Draft>();
  const earlier = new Map<Start, LabelledRunRow>();
  const refused = new Map<Start, RipenError>();
  const byRequest = new Map<string, Start>();
  const experiments = new Map<string, ExperimentRow>();
  for (const start of starts) {
    const { requestKey } = start.input;
    if (requestKey !== undefined && byRequest.has(requestKey)) continue;
    const known = requestKey === undefined ? undefined : await findRunByRequest(change, start.input.project, requestKey);
    if (known !== undefined) {
      earlier.set(start, known);
      continue;
    }
    try {
      const experiment = await experimentOf(change, { start, experiments, workshop });
      drafts.set(start, { start, experiment, run: newRun(workshop, context, { ...start.input, experimentNumber: experiment.number }) });
    } catch (error) {
      if (!(error instanceof RipenError)) throw error;
      refused.set(start, error);
    }
    if (requestKey !== undefined) byRequest.set(requestKey, start);
  }
  const rows = await writeDrafts(change, [...drafts.values()]);
  return starts.map((start): Outcome => {
    // A start with the key of another one in this group gets the run of that one.
    const first = start.input.requestKey === undefined ? start : (byRequest.get(start.input.requestKey) ?? start);
    const error = refused.get(first);
    if (error !== undefined) return { refused: error };
    const row = earlier.get(first) ?? rows.get(first);
    if (row === undefined) throw new Error('A start was lost in its group.');
    return { row, isNew: first === start && !earlier.has(start) };
  });
}

async function experimentOf(
  change: Change,
  { start, experiments, workshop }: { start: Start; experiments: Map<string, ExperimentRow>; workshop: Workshop },
): Promise<ExperimentRow> {
  const { project, experiment: wanted } = start.input;
  const key = JSON.stringify(wanted);
  const known = experiments.get(key);
  if (known !== undefined) return known;
  const found = await openExperiment(change, typeof wanted === 'string' ? { project, name: wanted } : { project, ...wanted }, workshop);
  experiments.set(key, found);
  return found;
}

/** Writes the runs with their tags and inputs, and says so in the event log. */
async function writeDrafts(change: Change, drafts: readonly Draft[]): Promise<ReadonlyMap<Start, LabelledRunRow>> {
  if (drafts.length === 0) return new Map();
  const numbers = await insertRuns(
    change,
    drafts.map(({ run }) => run),
  );
  const rows = new Map<Start, LabelledRunRow>();
  const tags: { run: number; tag: number; value: string }[] = [];
  for (const { start, run, experiment } of drafts) {
    const number = numbers.get(run.id) ?? 0;
    const { inputs = [], tags: named = {} } = start.input;
    for (const [name, value] of Object.entries(named)) tags.push({ run: number, tag: start.tags.get(name) ?? 0, value });
    await insertInputs(change, number, inputs);
    const data = startedData(run, { experiment: experiment.name, inputs });
    change.emit({ type: 'run.started', source, subject: runSubject(run), data });
    rows.set(start, {
      ...run,
      number,
      experiment_id: experiment.id,
      experiment_name: experiment.name,
      experiment_sequence: experiment.sequence,
      experiment_location: experiment.artifact_location,
    });
  }
  await setTags(change, tags);
  return rows;
}
