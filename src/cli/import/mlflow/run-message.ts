import type { ImportRunsWire } from '#tracking/index.ts';
import type { ImportSession } from './session.ts';
import type { SourceDataset, SourceRun, SourceSeries } from './source.ts';
import { runState } from './words.ts';

type WireRun = ImportRunsWire['runs'][number];

/** Tags of MLflow that are facts of a run in Ripen. */
const factTags: ReadonlySet<string> = new Set(['mlflow.runName', 'mlflow.parentRunId', 'mlflow.source.git.commit']);
const longestName = 250;

/** A run without its histories, as Ripen takes it in. */
export function wireRun(session: Pick<ImportSession, 'experiments'>, run: SourceRun): WireRun {
  const { tags } = run;
  const filled = (value: string | undefined) => (value === undefined || value.trim() === '' ? undefined : value);
  return {
    id: run.id,
    experiment: session.experiments.get(run.experiment)?.sequence ?? 0,
    name: filled(oneLine(run.name)),
    state: runState(run.status),
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    user: filled(tags['mlflow.user']) ?? filled(run.user),
    parentRun: filled(tags['mlflow.parentRunId']),
    commit: filled(tags['mlflow.source.git.commit']),
    tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !factTags.has(name))),
    parameters: { ...run.parameters },
    inputs: run.datasets.map(wireInput),
    inputModels: run.inputModels.map((model) => ({ model })),
    outputModels: [...run.outputModels],
    metrics: [],
  };
}

/** Names in Ripen are one line, and not longer than MLflow's own databases keep them. */
function oneLine(name: string): string {
  return name
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, longestName)
    .toWellFormed();
}

const contextTag = 'mlflow.data.context';

function wireInput({ name, digest, sourceType, source, schema, profile, tags }: SourceDataset): WireRun['inputs'][number] {
  const others = Object.entries(tags).filter(([key]) => key !== contextTag);
  return {
    dataset: name,
    digest,
    ...(tags[contextTag] === undefined ? {} : { context: tags[contextTag] }),
    ...(others.length === 0 ? {} : { tags: Object.fromEntries(others) }),
    details: JSON.stringify({ sourceType, source, schema, profile }),
  };
}

export function wireSeries(part: SourceSeries): WireRun['metrics'][number] {
  const { run: _, values, ...series } = part;
  return { ...series, values: values.map(wireValue) };
}

/** JSON has no NaN and no infinities; they are spelled. */
function wireValue(value: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}
