import { wellFormed } from '../well-formed.ts';

/** One value of one input or output of one prediction. */
export type Cell = string | number | boolean | null;

/** One prediction, as it goes into Parquet. */
export interface PredictionRow {
  readonly id: string;
  /** When the gateway answered, epoch ms. */
  readonly time: number;
  /** When that which is predicted about happened; the window is chosen by it. */
  readonly event_time: number;
  readonly revision: string;
  readonly version: string;
  /** Place within its request. */
  readonly row: number;
  readonly latency_us: number | null;
  readonly status: string;
  readonly failed: boolean;
  readonly inputs: Readonly<Record<string, Cell>>;
  readonly outputs: Readonly<Record<string, number | null>>;
}

export type ParsedLine =
  | { readonly rows: readonly PredictionRow[]; readonly misdated: boolean }
  /** Why the line is no prediction. */
  | { readonly problem: string };

const dayMs = 86_400_000;
/** The last moment that a Date can hold. */
const lastTime = 8.64e15;

/** Reads one line of a segment: one request with one or several rows. Written by hand: every prediction passes here. */
export function parsePredictionLine(content: string): ParsedLine {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { problem: 'it is no object' };
  // Each member is checked below before it is used.
  const line = json as Readonly<Record<string, unknown>>;
  const { id, time } = line;
  const [revision, version] = [wordOf(line['revision']), wordOf(line['version'])];
  if (typeof id !== 'string' || id === '' || id.length > 300) return { problem: 'id: must be a text of 1 to 300 characters' };
  if (typeof time !== 'number' || !Number.isInteger(time) || time < 0 || time > lastTime)
    return { problem: 'time: must be epoch milliseconds' };
  if (revision === undefined || version === undefined) return { problem: 'revision, version: must be texts' };
  return toRows({ ...line, id, time, revision, version });
}

interface Request {
  readonly id: string;
  readonly time: number;
  readonly revision: string;
  readonly version: string;
  readonly [other: string]: unknown;
}

type Tensors = readonly (readonly [string, readonly unknown[]])[];

function toRows(request: Request): ParsedLine {
  const { id, time, revision, version } = request;
  const [inputs, outputs] = [tensorsOf(request['inputs']), tensorsOf(request['outputs'])];
  const count = rowsOf(request['rows'], [...inputs, ...outputs]);
  const given = typeof request['event_time'] === 'number' ? request['event_time'] : time;
  // A time from far ahead would end every window; before 1970 there was nothing to predict.
  const misdated = !Number.isFinite(given) || given < 0 || given > time + dayMs;
  const named = wellFormed(id);
  const status = wordOf(request['status']) ?? '200';
  const latency = request['latency_us'];
  const common = {
    time,
    event_time: misdated ? time : Math.floor(given),
    revision,
    version,
    latency_us: typeof latency === 'number' && latency >= 0 ? latency : null,
    status,
    failed: hasFailed(status),
  };
  const rows: PredictionRow[] = [];
  for (let row = 0; row < count; row++) {
    const cells: Record<string, Cell> = {};
    for (const [name, values] of inputs) cells[name] = cellOf(values, row, count);
    const numbers: Record<string, number | null> = {};
    for (const [name, values] of outputs) numbers[name] = numberOf(values, row, count);
    rows.push({ ...common, id: count === 1 ? named : `${named}/${row}`, row, inputs: cells, outputs: numbers });
  }
  return { misdated, rows };
}

const mostRows = 1_000_000;

/** As the line says; else the shortest tensor has one value a row, because one of several values a row is longer. */
function rowsOf(said: unknown, tensors: Tensors): number {
  if (typeof said === 'number' && Number.isInteger(said) && said >= 1 && said <= mostRows) return said;
  let rows = Infinity;
  for (const [, values] of tensors) if (values.length > 0) rows = Math.min(rows, values.length);
  return Number.isFinite(rows) ? rows : 1;
}

function tensorsOf(tensors: unknown): Tensors {
  if (typeof tensors !== 'object' || tensors === null) return [];
  return Object.entries(tensors).flatMap(([name, values]) => (name === '__proto__' ? [] : [[wellFormed(name), flat(values)] as const]));
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' ? wellFormed(value) : typeof value === 'number' ? String(value) : undefined;
}

/** Statuses are those of HTTP, or `ok`. */
function hasFailed(status: string): boolean {
  const code = Number(status);
  return Number.isNaN(code) ? status !== 'ok' : code >= 400;
}

function flat(values: unknown): readonly unknown[] {
  if (!Array.isArray(values)) return values === undefined || values === null ? [] : [values];
  return values.some(Array.isArray) ? values.flat(Infinity) : values;
}

function cellOf(values: readonly unknown[], row: number, rows: number): Cell {
  const width = values.length / rows;
  if (width === 1) return scalar(values[row]);
  // A vector is kept as text: it can be looked up, and has no distribution.
  return Number.isInteger(width) && width > 1 ? wellFormed(JSON.stringify(values.slice(row * width, (row + 1) * width))) : null;
}

/** Of several values a row the last one: the probability of the last, positive class. */
function numberOf(values: readonly unknown[], row: number, rows: number): number | null {
  const width = values.length / rows;
  const value = Number.isInteger(width) && width > 0 ? values[(row + 1) * width - 1] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function scalar(value: unknown): Cell {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'boolean' || value === null) return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
