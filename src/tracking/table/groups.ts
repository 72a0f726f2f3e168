import { trackingErrors } from '../errors.ts';
import { fieldNamed } from './field.ts';
import { newestFirst } from '../search/order.ts';
import { prepare, type RunSearch } from '../search/search-runs.ts';
import type { Workshop } from '../service.ts';
import { wireNumber } from '../wire.ts';
import {
  type GroupField,
  type Grouping,
  type GroupMetricRow,
  type GroupRow,
  readRunNames,
  selectGroupMetrics,
  selectGroups,
  selectGroupStates,
} from './group-store.ts';
import type { RunGroupsWire, RunGroupWire } from './wire.ts';

export interface GroupRequest extends Omit<RunSearch, 'limit' | 'after' | 'order' | 'skip'> {
  /** A field of the filter language: `experiment`, `params.depth`, `tags.team`, `parentRun`. */
  readonly by: string;
  /** Metrics to gather for each group. */
  readonly metrics: readonly string[];
  readonly limit: number;
}

/**
 * The runs that fit, gathered by the value of one field, with least, mean and greatest latest value of each metric.
 * @throws `tracking.group-invalid` and what `findRuns` throws
 */
export async function groupRuns(workshop: Workshop, request: GroupRequest): Promise<RunGroupsWire> {
  const { by, metrics, limit, ...search } = request;
  const field = groupField(by);
  const names = metrics.map((name) => ({ kind: 'metric', name }) as const);
  const { criteria, context } = await prepare(workshop, search, newestFirst, [field, ...names]);
  const grouping: Grouping = { criteria, context, field };
  const { database } = workshop;
  const found = await selectGroups(database, grouping, limit + 1);
  const groups = found.slice(0, limit);
  const states = Map.groupBy(await selectGroupStates(database, grouping), (row) => row.value);
  const numbers = new Map(names.flatMap((name) => [context.numberOf(name) ?? []].flat().map((number) => [number, name.name] as const)));
  const measured = Map.groupBy(await selectGroupMetrics(database, grouping, [...numbers.keys()]), (row) => row.value);
  const labels = await labelsOf(workshop, field, groups);
  const items = groups.map((group): RunGroupWire => {
    const { value, runs, first, last } = group;
    const label = value === null ? undefined : labels.get(value);
    return {
      ...(value === null ? {} : { value }),
      ...(label === undefined ? {} : { label }),
      runs,
      firstStartedAt: first,
      lastStartedAt: last,
      states: Object.fromEntries((states.get(value) ?? []).map((row) => [row.state, row.runs])),
      metrics: Object.fromEntries((measured.get(value) ?? []).map((row) => [numbers.get(row.metric) ?? '', measuresOf(row)])),
    };
  });
  return { items, more: found.length > limit };
}

/** @throws `tracking.group-invalid` */
function groupField(by: string): GroupField {
  const field = fieldNamed(by);
  if (field.kind === 'metric') throw trackingErrors['group-invalid']({ by: by.slice(0, 100) });
  return field;
}

async function labelsOf(workshop: Workshop, field: GroupField, groups: readonly GroupRow[]): Promise<ReadonlyMap<string, string>> {
  if (field.kind !== 'attribute' || field.name !== 'parentRun') return new Map();
  return readRunNames(
    workshop.database,
    groups.flatMap(({ value }) => value ?? []),
  );
}

function measuresOf({ count, min, mean, max }: GroupMetricRow): RunGroupWire['metrics'][string] {
  if (min === null || mean === null || max === null) return { count };
  return { count, min: wireNumber(min), mean: wireNumber(mean), max: wireNumber(max) };
}
