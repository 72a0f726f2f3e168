import type { BodyOf } from './call.ts';

type LogBody = BodyOf<'tracking.log'>;
export type Point = NonNullable<LogBody['metrics']>[number];
export type ParameterValue = string | number | boolean;

/** What one call of `log`, `setParameters` or `setTags` adds. */
export interface LogEntry {
  readonly points: readonly Point[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** null takes the tag away. */
  readonly tags: Readonly<Record<string, string | null>>;
}

/** What a metric may be told with. */
export interface LogOptions {
  /** A whole number; 0 unless said. */
  readonly step?: number | undefined;
  /** When it was measured: epoch ms; now unless said. */
  readonly time?: number | Date | undefined;
  /** The logged model or the dataset that was measured. */
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** What the server takes in one request, with room to spare. */
const most = { points: 1000, parameters: 500, tags: 500, characters: 2 * 1024 * 1024 };

/**
 * The points of a call, with the time that makes each of them one point however often it is sent.
 * @throws TypeError for what is no number
 */
export function pointsOf(metrics: Readonly<Record<string, number>>, options: LogOptions, now: number): Point[] {
  const { time = now, step = 0, ...subject } = options;
  const at = typeof time === 'number' ? time : time.getTime();
  for (const [what, value] of Object.entries({ step, time: at }))
    if (!Number.isSafeInteger(value)) throw new TypeError(`The ${what} of a metric must be a whole number, not ${String(value)}`);
  return Object.entries(metrics).map(([name, value]) => {
    if (typeof value !== 'number') throw new TypeError(`The metric "${name}" must be a number, not ${String(value)}`);
    return { ...subject, name, value: wireNumber(value), step, time: at };
  });
}

/** @throws TypeError for what is no text, number or boolean */
export function checkedParameters(parameters: Readonly<Record<string, ParameterValue>>): Record<string, ParameterValue> {
  const checked = Object.entries(parameters).map(([name, value]): [string, ParameterValue] => {
    if (typeof value === 'string' || typeof value === 'boolean') return [name, value];
    if (typeof value !== 'number')
      throw new TypeError(`The parameter "${name}" must be a text, a number or a boolean, not ${typeof value}`);
    // JSON has no NaN and no infinities; parameters are kept as texts anyway.
    return [name, Number.isFinite(value) ? value : String(value)];
  });
  return Object.fromEntries(checked);
}

/** @throws TypeError for what is no text and not null */
export function checkedTags(tags: Readonly<Record<string, string | null>>): Record<string, string | null> {
  for (const [name, value] of Object.entries(tags))
    if (typeof value !== 'string' && value !== null) throw new TypeError(`The tag "${name}" must be a text or null, not ${typeof value}`);
  return { ...tags };
}

/** JSON has no NaN and no infinities; they are spelled. */
function wireNumber(value: number): Point['value'] {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Everything of an entry as an entry of its own. */
export function single({ points, parameters, tags }: LogEntry): LogEntry[] {
  return [
    ...points.map((point) => ({ ...nothing, points: [point] })),
    ...Object.entries(parameters).map((entry) => ({ ...nothing, parameters: Object.fromEntries([entry]) })),
    ...Object.entries(tags).map((entry) => ({ ...nothing, tags: Object.fromEntries([entry]) })),
  ];
}

export const nothing: LogEntry = { points: [], parameters: {}, tags: {} };

/** How many of the first entries fit into one request; at least one. */
export function batchLength(entries: readonly LogEntry[]): number {
  const parameters = new Map<string, ParameterValue>();
  const tags = new Set<string>();
  let points = 0;
  let characters = 0;
  for (const [index, entry] of entries.entries()) {
    for (const [name, value] of Object.entries(entry.parameters)) {
      // Both values must reach the server, which refuses the second.
      if (parameters.has(name) && parameters.get(name) !== value) return index;
      parameters.set(name, value);
    }
    for (const name of Object.keys(entry.tags)) tags.add(name);
    points += entry.points.length;
    characters += textLength(entry);
    const isFull = points > most.points || parameters.size > most.parameters || tags.size > most.tags || characters > most.characters;
    if (isFull && index > 0) return index;
  }
  return entries.length;
}

function textLength({ parameters, tags }: LogEntry): number {
  const values = [...Object.values(parameters), ...Object.values(tags)];
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

export function bodyOf(entries: readonly LogEntry[]): LogBody {
  const metrics = entries.flatMap(({ points }) => points);
  // Built from pairs: a parameter may be called __proto__.
  const parameters = Object.fromEntries(entries.flatMap((entry) => Object.entries(entry.parameters)));
  const tags = Object.fromEntries(entries.flatMap((entry) => Object.entries(entry.tags)));
  return { metrics, parameters, tags };
}

export function sizeOf({ points, parameters, tags }: LogEntry): number {
  return points.length + Object.keys(parameters).length + Object.keys(tags).length;
}

/** For people: the first names in it. */
export function namesIn({ points, parameters, tags }: LogEntry): string {
  const names = [...points.map(({ name }) => name), ...Object.keys(parameters), ...Object.keys(tags)];
  return names.slice(0, 3).join(', ');
}
