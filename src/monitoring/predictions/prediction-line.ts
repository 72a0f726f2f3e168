import { z } from 'zod';

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

const text = z.union([z.string(), z.number()]).transform(String);
const tensors = z.record(z.string(), z.unknown());
const line = z.object({
  id: z.string().min(1).max(300),
  time: z.number().int().nonnegative().max(8.64e15),
  event_time: z.number().optional().catch(undefined),
  revision: text,
  version: text,
  inputs: tensors.default({}),
  outputs: tensors.nullish(),
  latency_us: z.number().nonnegative().nullish(),
  status: text.default('200'),
});

const dayMs = 86_400_000;

/** Reads one line of a segment: one request with one or several rows. */
export function parsePredictionLine(content: string): ParsedLine {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const parsed = line.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a prediction'}` };
  }
  return toRows(parsed.data);
}

function toRows(request: z.output<typeof line>): ParsedLine {
  const outputs = Object.entries(request.outputs ?? {}).map(([name, values]) => [name, flat(values)] as const);
  const inputs = Object.entries(request.inputs).map(([name, values]) => [name, flat(values)] as const);
  const lengths = (outputs.length > 0 ? outputs : inputs).map(([, values]) => values.length).filter((length) => length > 0);
  const inputLengths = inputs.map(([, values]) => values.length).filter((length) => length > 0);
  // An output of several values a row is longer than the rows; the shortest tensor has one value a row.
  const rows = Math.min(...lengths, ...inputLengths);
  const count = Number.isFinite(rows) ? rows : 1;
  const { event_time: eventTime = request.time } = request;
  // A time from far ahead would end every window; before 1970 there was nothing to predict.
  const misdated = !Number.isFinite(eventTime) || eventTime < 0 || eventTime > request.time + dayMs;
  const failed = hasFailed(request.status);
  const common = {
    time: request.time,
    event_time: misdated ? request.time : Math.floor(eventTime),
    revision: request.revision,
    version: request.version,
    latency_us: request.latency_us ?? null,
    status: request.status,
    failed,
  };
  return {
    misdated,
    rows: Array.from({ length: count }, (_, row) => ({
      ...common,
      id: count === 1 ? request.id : `${request.id}/${row}`,
      row,
      inputs: Object.fromEntries(inputs.map(([name, values]) => [name, cellOf(values, row, count)])),
      outputs: Object.fromEntries(outputs.map(([name, values]) => [name, numberOf(values, row, count)])),
    })),
  };
}

/** Statuses are those of HTTP, or `ok`. */
function hasFailed(status: string): boolean {
  const code = Number(status);
  return Number.isNaN(code) ? status !== 'ok' : code >= 400;
}

function flat(values: unknown): readonly unknown[] {
  return Array.isArray(values) ? values.flat(Infinity) : values === undefined || values === null ? [] : [values];
}

function cellOf(values: readonly unknown[], row: number, rows: number): Cell {
  const width = values.length / rows;
  if (width === 1) return scalar(values[row]);
  // A vector is kept as text: it can be looked up, and has no distribution.
  return Number.isInteger(width) && width > 1 ? JSON.stringify(values.slice(row * width, (row + 1) * width)) : null;
}

/** Of several values a row the last one: the probability of the last, positive class. */
function numberOf(values: readonly unknown[], row: number, rows: number): number | null {
  const width = values.length / rows;
  const value = Number.isInteger(width) && width > 0 ? values[(row + 1) * width - 1] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function scalar(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
