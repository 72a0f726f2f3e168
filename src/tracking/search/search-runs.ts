import { findExperiment, readExperimentNumbers } from '../experiments/experiment-store.ts';
import { trackingErrors } from '../errors.ts';
import type { Run } from '../model.ts';
import { assembleRuns, type LabelledRunRow } from '../runs/run-store.ts';
import type { Workshop } from '../service.ts';
import type { NameKind } from '../store.ts';
import type { CompileContext } from './condition-store.ts';
import type { Lifecycle, RunCriteria } from './criteria-store.ts';
import type { Condition, Field } from './filter.ts';
import { newestFirst, parseOrder, type RunOrder } from './order.ts';
import { parseFilter } from './parse-filter.ts';
import { cutPage } from './page.ts';
import { readPlace } from './place.ts';
import { countRuns, searchRuns } from './search-store.ts';

export interface RunSearch {
  readonly project: string;
  /** In the filter language, or as a tree. */
  readonly filter?: string | Condition | undefined;
  /** Names of experiments. */
  readonly experiments?: readonly string[] | undefined;
  /** Experiments by their number in the project, in place of names; those that do not exist have no runs. */
  readonly sequences?: readonly number[] | undefined;
  readonly states?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly lifecycle?: Lifecycle | undefined;
  /** `metrics.auc desc, params.depth`, or its keys; newest first when left out. */
  readonly order?: string | readonly RunOrder[] | undefined;
  readonly after?: string | undefined;
  /** So many runs are passed over; costs more the more they are, and says nothing beside `after`. */
  readonly skip?: number | undefined;
  readonly limit: number;
}

/** @throws `tracking.filter-invalid`, `tracking.order-invalid`, `tracking.page-token-invalid`, `tracking.experiment-not-found` */
export async function findRuns(workshop: Workshop, search: RunSearch): Promise<{ items: Run[]; next?: string }> {
  const { rows, ...rest } = await findRunRows(workshop, search);
  return { items: await assembleRuns(workshop.database, workshop.names, rows), ...rest };
}

/** The runs without what they logged. @throws what `findRuns` throws */
export async function findRunRows(workshop: Workshop, search: RunSearch): Promise<{ rows: LabelledRunRow[]; next?: string }> {
  const orders = ordersOf(search.order);
  const [first = newestFirst, ...rest] = orders;
  const { after, limit, skip, order: _, ...narrowing } = search;
  const binding = JSON.stringify([narrowing, orders]);
  const place = after === undefined ? undefined : readPlace(after, binding);
  const fields = rest.map(({ field }) => field);
  const { criteria, context } = await prepare(workshop, search, first, fields);
  const found = await searchRuns(workshop.database, criteria, { orders, context, after: place, skip, limit: limit + 1 });
  return cutPage(found, limit, binding);
}

function ordersOf(order: RunSearch['order']): readonly RunOrder[] {
  const orders = typeof order === 'string' ? parseOrder(order) : (order ?? []);
  return orders.length === 0 ? [newestFirst] : orders;
}

/** How many runs the search finds on all its pages. */
export async function countFoundRuns(workshop: Workshop, search: Omit<RunSearch, 'limit' | 'after' | 'order'>): Promise<number> {
  const { criteria, context } = await prepare(workshop, search, newestFirst);
  return countRuns(workshop.database, criteria, context);
}

/** The search with every name looked up; `fields`: what else the caller wants numbers of. */
export async function prepare(
  workshop: Workshop,
  search: Omit<RunSearch, 'limit' | 'after' | 'order'>,
  order: RunOrder,
  fields: readonly Field[] = [],
): Promise<{ criteria: RunCriteria; context: CompileContext }> {
  const { name: project } = await workshop.projects.project(search.project);
  await workshop.statistics.refresh();
  const condition = typeof search.filter === 'string' ? parseFilter(search.filter) : search.filter;
  const { sequences } = search;
  const experiments =
    sequences === undefined
      ? search.experiments && (await experimentNumbers(workshop, project, search.experiments))
      : await readExperimentNumbers(workshop.database, project, sequences);
  const context = await contextFor(workshop, project, [order.field, ...fields, ...(condition === undefined ? [] : fieldsOf(condition))]);
  const { states, text, lifecycle = 'active' } = search;
  return { criteria: { project, experiments, states, text: text === '' ? undefined : text, condition, lifecycle }, context };
}

async function experimentNumbers({ database }: Workshop, project: string, names: readonly string[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of names) {
    const experiment = await findExperiment(database, project, { name });
    if (experiment === undefined) throw trackingErrors['experiment-not-found']({ project, experiment: name });
    numbers.push(experiment.number);
  }
  return numbers;
}

/** Looks all names up before, so that compiling is plain. */
async function contextFor({ database, names }: Workshop, project: string, fields: readonly Field[]): Promise<CompileContext> {
  const found = new Map<NameKind, ReadonlyMap<string, number>>();
  for (const kind of ['metric', 'parameter', 'tag'] as const) {
    const wanted = fields.filter((field) => field.kind === kind).map((field) => field.name);
    found.set(kind, await names.find(project, kind, wanted));
  }
  return { dialect: database.dialect, numberOf: ({ kind, name }) => found.get(kind)?.get(name) };
}

function fieldsOf(condition: Condition): Field[] {
  if (condition.kind === 'address') return [];
  return 'field' in condition ? [condition.field] : [condition.of].flat().flatMap(fieldsOf);
}
