import type { Analytics } from '#kernel/analytics/index.ts';
import type { Histogram } from '#kernel/statistics/index.ts';
import type { ColumnProfile, Profile } from './model.ts';
import { profileEdges } from './profile-edges.ts';
import { type Counted, type Figure, firstScan, scan, secondScan, shares, type Subject, subjectOf } from './profile-scans.ts';
import { columnClass, type Table } from './schema.ts';

/** Columns in one statement; wider tables take more scans, because DuckDB's planning grows with the square of the expressions. */
const columnsPerScan = 25;

/**
 * Figures of every column: one scan for the figures, one for the histograms over edges that follow from them. A column that has a histogram
 * over edges in `earlier` gets the same edges, so that both can be compared bin by bin; moments move on, so they get edges of their own.
 */
export async function profileTable(analytics: Analytics, { relation, schema }: Table, earlier?: Profile): Promise<Profile> {
  const knownEdges = new Map(
    earlier?.columns.map((column) => [column.name, column.histogram?.kind === 'numeric' ? column.histogram.edges : undefined]),
  );
  const columns: ColumnProfile[] = [];
  let rows = 0;
  for (let start = 0; start < Math.max(1, schema.length); start += columnsPerScan) {
    const subjects = schema.slice(start, start + columnsPerScan).map(subjectOf);
    const figures = await scan(analytics, relation, subjects, firstScan);
    rows = Number(figures('rows', 0));
    const measured = subjects.map((subject, index) =>
      measure(subject, (name) => figures(name, index), { rows, edges: knownEdges.get(subject.column.name) }),
    );
    const counts = await scan(analytics, relation, measured, secondScan);
    columns.push(...measured.map((column, index) => complete(column, (name) => counts(name, index))));
  }
  return { rows, columns };
}

interface Measured extends Counted {
  readonly profile: ColumnProfile;
}

function measure(
  subject: Subject,
  read: (name: string) => Figure,
  known: { rows: number; edges: readonly number[] | undefined },
): Measured {
  const { column, kind } = subject;
  const count = Number(read('count'));
  const finite = Number(read('finite'));
  const quantiles = numbers(read('quantiles'));
  const at = (share: number): number => quantiles[shares.findIndex((known) => known === share)] ?? Number.NaN;
  const ranged = kind === 'numeric' || kind === 'moment';
  const whole = kind === 'moment' || columnClass(column.type) === 'integer';
  const edges =
    ranged && finite > 0
      ? ((kind === 'moment' ? undefined : known.edges) ??
        profileEdges({ minimum: Number(read('low')), maximum: Number(read('high')), low: at(0.01), high: at(0.99), whole }))
      : undefined;
  const profile: ColumnProfile = {
    name: column.name,
    type: column.type,
    count,
    nulls: known.rows - count,
    distinct: Math.min(count, Number(read('distinct'))),
    notFinite: count - finite,
    minimum: scalar(read('min')),
    maximum: scalar(read('max')),
    mean: number(read('mean')),
    deviation: number(read('deviation')),
    quantiles: quantiles.map((value, index) => ({ share: shares[index] ?? 0, value: kind === 'moment' ? moment(value) : value })),
    textLength:
      kind === 'category' && count > 0
        ? { minimum: Number(read('shortest')), maximum: Number(read('longest')), mean: Number(read('average')) }
        : undefined,
    topValues: [],
    histogram: undefined,
  };
  const top = read('top');
  return { subject, profile, edges, values: Array.isArray(top) ? top.map(String) : [] };
}

function complete({ subject, profile, edges, values }: Measured, read: (name: string) => Figure): ColumnProfile {
  if (edges !== undefined) return { ...profile, histogram: numericHistogram(profile, edges, read) };
  if (subject.kind !== 'category') return profile;
  const counted = values.map((value, index) => ({ value, count: Number(read(`v${index}_`)) })).toSorted((a, b) => b.count - a.count);
  const other = profile.count - counted.reduce((sum, { count }) => sum + count, 0);
  const histogram: Histogram = {
    kind: 'categorical',
    values: counted.map(({ value }) => value),
    counts: counted.map(({ count }) => count),
    other,
    missing: profile.nulls,
  };
  // Nothing beside the counted values: then their number is known exactly.
  return { ...profile, distinct: other === 0 ? counted.length : profile.distinct, topValues: counted, histogram };
}

function numericHistogram(profile: ColumnProfile, edges: readonly number[], read: (name: string) => Figure): Histogram {
  const bins = read('bins');
  const entries = Array.isArray(bins) ? bins.filter((entry) => typeof entry === 'object') : [];
  // Negated again; what is above every bin, and so below the first edge, comes under infinity.
  const counted = new Map(entries.map(({ key, value }) => [0 - key, value]));
  const onLast = Number(read('last'));
  // The bin that begins at an edge, by that edge.
  const counts = edges.slice(0, -1).map((edge) => counted.get(edge === 0 ? 0 : edge) ?? 0);
  counts[counts.length - 1] = (counts.at(-1) ?? 0) + onLast;
  const above = (counted.get(edges.at(-1) ?? Infinity) ?? 0) - onLast;
  const extreme = (value: number | string | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    kind: 'numeric',
    edges,
    counts,
    below: counted.get(-Infinity) ?? 0,
    above,
    missing: profile.nulls + profile.notFinite,
    minimum: extreme(profile.minimum),
    maximum: extreme(profile.maximum),
  };
}

function number(figure: Figure): number | undefined {
  return typeof figure === 'number' && Number.isFinite(figure) ? figure : undefined;
}

function scalar(figure: Figure): number | string | undefined {
  return typeof figure === 'number' || typeof figure === 'string' ? figure : undefined;
}

function numbers(figure: Figure): readonly number[] {
  return Array.isArray(figure) ? figure.filter((value) => typeof value === 'number') : [];
}

function moment(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? String(epochMs) : date.toISOString();
}
