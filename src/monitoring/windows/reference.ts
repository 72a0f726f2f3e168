import { type Analytics, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import { RipenError } from '#kernel/errors.ts';
import type { Signature } from '#kernel/inference/index.ts';
import { parseDigest } from '#kernel/objects/index.ts';
import { categoricalHistogram, type Histogram, isotonicCalibration, numericHistogram, referenceEdges } from '#kernel/statistics/index.ts';
import type { Rooms } from '../deps.ts';
import { qualityMetrics } from '../metric-names.ts';
import type { Metrics } from '../model.ts';
import { performanceMetrics } from './performance-metrics.ts';
import { realisedPerformance } from '../quality/realised-performance.ts';

/** What the windows of one model version are compared with. */
export interface Reference {
  /** Inputs of the model by name, counted over the bins that windows are counted over. */
  readonly columns: Readonly<Record<string, Histogram>>;
  readonly score: Histogram | undefined;
  /** Metrics of the held-out evaluation, or of the reference rows where there is none. */
  readonly metrics: Metrics;
  /** The score as a probability that held on the reference rows. */
  readonly calibrate: ((score: number) => number) | undefined;
  /** The output that is the score: the first floating one of the signature. */
  readonly scoreOutput: string | undefined;
  /** What is not there, and why. */
  readonly notes: readonly string[];
}

/** Enough to place quantiles within half a percent; more would only be slower. */
const mostRows = 50_000;
const mostCategories = 1000;
const kept = 16;

/** Loads references and keeps the latest few: a model version never changes. */
export function createReferences({ kernel, modelVersions }: Pick<Rooms, 'kernel' | 'modelVersions'>) {
  const cache = new Map<string, Promise<Reference>>();
  return {
    of(project: string, model: string, version: string): Promise<Reference> {
      const key = JSON.stringify([project, model, version]);
      const found = cache.get(key);
      if (found !== undefined) return found;
      const loading = load({ kernel, modelVersions }, { project, model, version }).catch((error: unknown) => {
        // Not kept: the version may be registered, or the blob restored, by the next time.
        cache.delete(key);
        return unreadable(error, version);
      });
      cache.set(key, loading);
      for (const oldest of cache.keys()) if (cache.size > kept) cache.delete(oldest);
      return loading;
    },
  };
}

export type References = ReturnType<typeof createReferences>;

/** Without a reference there is no drift, but everything else can be watched; what may pass by itself is tried again later. */
function unreadable(error: unknown, version: string): Reference {
  if (!(error instanceof RipenError) || error.kind === 'unavailable' || error.kind === 'internal') throw error;
  const notes = [`The reference of version ${version} cannot be read, so drift cannot be measured: ${error.message}`];
  return { columns: {}, score: undefined, metrics: {}, calibrate: undefined, scoreOutput: undefined, notes };
}

async function load(
  { kernel, modelVersions }: Pick<Rooms, 'kernel' | 'modelVersions'>,
  of: { readonly project: string; readonly model: string; readonly version: string },
): Promise<Reference> {
  const { files, signature } = await modelVersions.version(of.project, of.model, of.version);
  const scoreOutput = signature?.outputs.find(({ datatype }) => datatype.startsWith('FP'))?.name;
  const evaluation = files['evaluation.json'];
  const metrics = evaluation === undefined ? {} : evaluationMetrics((await kernel.objects.read(parseDigest(evaluation))).toString('utf8'));
  const digest = files['reference.parquet'];
  if (digest === undefined) {
    const notes = [`Version ${of.version} of ${of.model} has no reference.parquet, so drift cannot be measured.`];
    return { columns: {}, score: undefined, metrics, calibrate: undefined, scoreOutput, notes };
  }
  const path = await kernel.objects.path(parseDigest(digest));
  const table = await readTable(kernel.analytics, path, signature);
  return { ...table, metrics: { ...table.metrics, ...metrics }, scoreOutput };
}

function evaluationMetrics(text: string): Metrics {
  const parsed: unknown = JSON.parse(text);
  const metrics: unknown = typeof parsed === 'object' && parsed !== null && 'metrics' in parsed ? parsed.metrics : undefined;
  if (typeof metrics !== 'object' || metrics === null) return {};
  const named = Object.entries(metrics).map(([name, value]) => [name === 'positive_rate' ? 'observed_rate' : name, value] as const);
  const known = new Set<string>(qualityMetrics);
  return Object.fromEntries(named.flatMap(([name, value]) => (known.has(name) && Number.isFinite(value) ? [[name, Number(value)]] : [])));
}

async function readTable(analytics: Analytics, path: string, signature: Signature | undefined): Promise<Omit<Reference, 'scoreOutput'>> {
  const from = `read_parquet(${quoteLiteral(path)})`;
  const described = await analytics.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${from}`);
  const all = new Map(described.map(({ column_name: name, column_type: type }) => [name, kindOf(type)]));
  const inputs = signature?.inputs.map(({ name }) => name) ?? [...all.keys()].filter((name) => !/^(?:score|label|slice_.*)$/.test(name));
  const names = inputs.filter((name) => all.get(name) !== undefined);
  const notes = inputs
    .filter((name) => all.get(name) === undefined)
    .map((name) => `The reference has no column "${name}" that can be compared.`);
  const [hasScore, hasLabel] = [all.get('score') === 'numeric', all.get('label') !== undefined];
  const lists = [
    ...names.map(
      (name, index) => `list(${all.get(name) === 'numeric' ? number(name) : `CAST(${quoteIdentifier(name)} AS VARCHAR)`}) AS c${index}`,
    ),
    hasScore ? `list(${number('score')}) AS scores` : 'NULL AS scores',
    ...(hasScore && hasLabel
      ? [1, 0].map((label) => `list(${number('score')}) FILTER (WHERE ${number('label')} = ${label}) AS label${label}`)
      : ['NULL AS label1', 'NULL AS label0']),
  ];
  const sample = `(SELECT * FROM ${from} USING SAMPLE reservoir(${mostRows} ROWS) REPEATABLE (1))`;
  const [row = {}] = await analytics.query<Record<string, readonly (number | string | null)[] | null>>(
    `SELECT ${lists.join(', ')} FROM ${sample}`,
  );
  const columns = names.flatMap((name, index) => {
    const histogram = histogramOf(row[`c${index}`] ?? [], all.get(name) ?? 'categorical');
    return histogram === undefined ? [] : [[name, histogram] as const];
  });
  const [positives, negatives] = [numbers(row['label1']), numbers(row['label0'])];
  const rows = { scores: [...positives, ...negatives], labels: [...positives.map(() => 1), ...negatives.map(() => 0)] };
  return {
    columns: Object.fromEntries(columns),
    score: histogramOf(row['scores'] ?? [], 'numeric'),
    metrics: performanceMetrics(realisedPerformance(rows)),
    calibrate: positives.length > 0 && negatives.length > 0 ? isotonicCalibration(rows) : undefined,
    notes: hasScore ? notes : [...notes, 'The reference has no scores, so drift of the score cannot be measured.'],
  };
}

const number = (name: string): string => `TRY_CAST(${quoteIdentifier(name)} AS DOUBLE)`;

function kindOf(type: string): Histogram['kind'] | undefined {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return 'numeric';
  return /^(?:VARCHAR|BOOLEAN|ENUM.*)$/.test(type) ? 'categorical' : undefined;
}

function numbers(values: readonly (number | string | null)[] | null | undefined): number[] {
  return (values ?? []).flatMap((value) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []));
}

function histogramOf(values: readonly (number | string | null)[], kind: Histogram['kind']): Histogram | undefined {
  if (kind === 'numeric') {
    const edges = referenceEdges(numbers(values));
    return (
      edges &&
      numericHistogram(
        values.map((value) => (typeof value === 'number' ? value : null)),
        edges,
      )
    );
  }
  const texts = values.map((value) => (value === null ? null : String(value)));
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  const known = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostCategories);
  return known.length === 0
    ? undefined
    : categoricalHistogram(
        texts,
        known.map(([value]) => value),
      );
}
