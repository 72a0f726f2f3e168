import { createHash } from 'node:crypto';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { type ExperimentAddress, findExperiment } from '../experiments/experiment-store.ts';
import { missingExperiment } from '../experiments/experiments.ts';
import { checkName, checkValue } from '../names.ts';
import type { Filter, OrderTerm } from '../search/filter-tree.ts';
import { cutPage, readPlace } from '../search/index.ts';
import { source, type Workshop } from '../service.ts';
import { openTraceExperiment, searchedExperiments } from '../traces/trace-experiment.ts';
import {
  assembleDatasets,
  deleteDataset,
  findDataset,
  insertDataset,
  linkExperiments,
  searchDatasets,
  setDatasetTags,
  unlinkExperiments,
  updateDataset,
} from './dataset-store.ts';
import { evaluationDatasetErrors } from './errors.ts';
import type { EvaluationDataset, EvaluationRecord } from './model.ts';
import { pageOfRecords, recordOf } from './record-store.ts';
import type { DatasetRow } from './tables.ts';

export interface DatasetAddress {
  readonly project: string;
  readonly id: string;
}

type Tags = Readonly<Record<string, string | undefined>>;

/** Emits `evaluation-dataset.created`. @throws `tracking.name-invalid`, `tracking.experiment-not-found` */
export async function createDataset(
  workshop: Workshop,
  context: ChangeContext,
  input: {
    readonly project: string;
    readonly name: string;
    readonly experiments?: readonly ExperimentAddress[] | undefined;
    readonly tags?: Readonly<Record<string, string>> | undefined;
    readonly createdBy?: string | undefined;
  },
): Promise<EvaluationDataset> {
  const name = checkName('an evaluation dataset', input.name);
  const tags = checkTags(input.tags ?? {});
  const { name: project } = await workshop.projects.project(input.project);
  const experiments: number[] = [];
  for (const by of input.experiments ?? []) experiments.push((await openTraceExperiment(workshop, context, { project, by })).number);
  const id = `d-${workshop.ids.next()}`;
  const now = workshop.clock.now();
  const by = input.createdBy ?? input.tags?.['mlflow.user'] ?? context.actor.name;
  await workshop.events.change({ ...context, project }, async (change) => {
    const row = { id, project, name, record_schema: null, digest: digestOf(id, now), records: 0, created_at: now, updated_at: now };
    const number = await insertDataset(change, { ...row, created_by: by, updated_by: by });
    await setDatasetTags(change, number, tags);
    await linkExperiments(change, number, experiments);
    change.emit({ type: 'evaluation-dataset.created', source, subject: subjectOf({ project, id }), data: { dataset: id, name } });
  });
  return getDataset(workshop, { project, id });
}

/** @throws `tracking.evaluation-dataset-not-found` */
export async function getDataset({ database }: Workshop, at: DatasetAddress): Promise<EvaluationDataset> {
  const row = required(await findDataset(database, at.project, at.id), at);
  const [dataset] = await assembleDatasets(database, [row]);
  if (dataset === undefined) throw missing(at);
  return dataset;
}

export interface DatasetSearch {
  readonly project: string;
  /** Datasets that any of them uses; all when left out. */
  readonly experiments?: readonly ExperimentAddress[] | undefined;
  readonly filter?: Filter | undefined;
  /** The newest first when left out. */
  readonly order?: readonly OrderTerm[] | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid`, `tracking.experiment-not-found` */
export async function findDatasets(workshop: Workshop, search: DatasetSearch): Promise<{ items: EvaluationDataset[]; next?: string }> {
  const { filter, order = [], limit } = search;
  const { name: project } = await workshop.projects.project(search.project);
  const experiments =
    search.experiments === undefined ? undefined : await searchedExperiments(workshop.database, project, search.experiments);
  const binding = JSON.stringify(['evaluation-datasets', project, experiments, filter, order]);
  const after = search.after === undefined ? undefined : readPlace(search.after, binding);
  const found = await searchDatasets(workshop.database, { project, experiments, filter, order, after, limit: limit + 1 });
  const { rows, ...rest } = cutPage(found, limit, binding);
  return { items: await assembleDatasets(workshop.database, rows), ...rest };
}

/** Sets tags; those that are undefined go away. Emits `evaluation-dataset.updated`. */
export async function tagDataset(workshop: Workshop, context: ChangeContext, at: DatasetAddress, given: Tags): Promise<void> {
  const tags = checkTags(given);
  await changeDataset(workshop, context, at, async (change, { number }) => {
    await setDatasetTags(change, number, tags);
    return { result: undefined, change: {}, data: { tags: Object.keys(tags) } };
  });
}

/** Says that experiments use the dataset, or use it no more. Emits `evaluation-dataset.updated`. @throws `tracking.experiment-not-found` */
export async function useDataset(
  workshop: Workshop,
  context: ChangeContext,
  at: DatasetAddress,
  use: { readonly experiments: readonly ExperimentAddress[]; readonly used: boolean },
): Promise<EvaluationDataset> {
  const numbers = await numbersOf(workshop, at.project, use.experiments);
  await changeDataset(workshop, context, at, async (change, { number }) => {
    await (use.used ? linkExperiments : unlinkExperiments)(change, number, numbers);
    return { result: undefined, change: {}, data: { [use.used ? 'usedBy' : 'noLongerUsedBy']: numbers.length } };
  });
  return getDataset(workshop, at);
}

/** With all its records; emits `evaluation-dataset.deleted`. Doing it again changes nothing. */
export async function removeDataset(workshop: Workshop, context: ChangeContext, at: DatasetAddress): Promise<void> {
  await workshop.events.change({ ...context, project: at.project }, async (change) => {
    const row = await findDataset(change, at.project, at.id);
    if (row === undefined) return;
    await deleteDataset(change, row.number);
    change.emit({ type: 'evaluation-dataset.deleted', source, subject: subjectOf(at), data: { dataset: at.id, name: row.name } });
  });
}

/** Records in the order in which they came. @throws `tracking.evaluation-dataset-not-found`, `tracking.page-token-invalid` */
export async function recordsOf(
  { database }: Workshop,
  at: DatasetAddress,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ items: EvaluationRecord[]; next?: string }> {
  const { number } = required(await findDataset(database, at.project, at.id), at);
  const binding = JSON.stringify(['evaluation-records', at]);
  const [after] = page.after === undefined ? [0] : readPlace(page.after, binding);
  const found = await pageOfRecords(database, number, { after: Number(after), limit: page.limit + 1 });
  const placed = found.map((row) => ({ row, place: [row.number] }));
  const { rows, ...rest } = cutPage(placed, page.limit, binding);
  return { items: rows.map(recordOf), ...rest };
}

export interface DatasetChange<Result> {
  readonly result: Result;
  readonly change: Partial<DatasetRow>;
  /** Of the event. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs `work` on a dataset, gives it a new digest, and emits `evaluation-dataset.updated`. */
export async function changeDataset<Result>(
  workshop: Workshop,
  context: ChangeContext,
  at: DatasetAddress,
  work: (change: Change, dataset: DatasetRow) => Promise<DatasetChange<Result>>,
): Promise<Result> {
  return workshop.events.change({ ...context, project: at.project }, async (change) => {
    const row = required(await findDataset(change, at.project, at.id), at);
    const done = await work(change, row);
    const now = workshop.clock.now();
    const digest = digestOf(`${row.digest} ${at.id}`, now);
    await updateDataset(change, row.number, { updated_by: context.actor.name, ...done.change, updated_at: now, digest });
    change.emit({
      type: 'evaluation-dataset.updated',
      source,
      subject: subjectOf(at),
      data: { dataset: at.id, name: row.name, ...done.data },
    });
    return done.result;
  });
}

async function numbersOf({ database }: Workshop, project: string, experiments: readonly ExperimentAddress[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const by of experiments) {
    const row = await findExperiment(database, project, by);
    if (row === undefined) throw missingExperiment(project, by);
    numbers.push(row.number);
  }
  return numbers;
}

function checkTags<Given extends Tags>(tags: Given): Given {
  for (const [name, value] of Object.entries(tags)) {
    checkName('a tag', name);
    if (value !== undefined) checkValue('tag', name, value);
  }
  return tags;
}

function required(row: DatasetRow | undefined, at: DatasetAddress): DatasetRow {
  if (row === undefined) throw missing(at);
  return row;
}

function missing({ project, id }: DatasetAddress) {
  return evaluationDatasetErrors['evaluation-dataset-not-found']({ dataset: id.slice(0, 100), project });
}

function digestOf(before: string, now: number): string {
  return createHash('sha256').update(`${before}:${now}`).digest('hex').slice(0, 8);
}

function subjectOf({ project, id }: DatasetAddress): string {
  return `projects/${project}/evaluation-datasets/${id}`;
}
