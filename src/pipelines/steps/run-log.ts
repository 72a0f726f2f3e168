import { type Digest, isDigest } from '#kernel/objects/index.ts';
import { z } from 'zod';

/** One line of a run log. A non-finite metric is written as the text "NaN", "Infinity" or "-Infinity", which JSON has no number for. */
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);
const name = z.string().min(1).max(250);

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('parameter'), name, value: z.json() }),
  z.object({
    type: z.literal('metric'),
    name,
    value: number,
    step: z.number().int().optional(),
    time: z.number().int().nonnegative().optional(),
  }),
  z.object({ type: z.literal('tag'), name, value: z.union([z.string(), z.number(), z.boolean()]).transform(String) }),
  z.object({ type: z.literal('artifact'), name, path: z.string().min(1) }),
  z.object({
    type: z.literal('progress'),
    done: z.number().nonnegative(),
    total: z.number().positive().optional(),
    label: z.string().max(500).optional(),
  }),
]);

export type RunLogLine = z.output<typeof lineSchema>;
/** As it is kept: an artifact is its digest, because its path does not outlive the step. */
export type RunLogRecord =
  | Exclude<RunLogLine, { type: 'artifact' }>
  | { readonly type: 'artifact'; readonly name: string; readonly digest: Digest };

/** One line of a step's run log, or why it is none. */
export function parseRunLogLine(text: string): { readonly line: RunLogLine } | { readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: `it is not JSON: ${text.slice(0, 80)}` };
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return { line: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return { reason: `${path === '' ? '' : `${path}: `}${issue?.message ?? 'it has an unknown form'}` };
}

export function renderRunLog(records: readonly RunLogRecord[]): string {
  return records
    .map(
      (record) =>
        `${JSON.stringify(record, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))}\n`,
    )
    .join('');
}

/** Reads what `renderRunLog` wrote. */
export function readRunLog(text: string): RunLogRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RunLogRecord => {
      const value = JSON.parse(line) as { type?: unknown; name?: unknown; digest?: unknown };
      if (value.type === 'artifact' && typeof value.name === 'string' && typeof value.digest === 'string' && isDigest(value.digest))
        return { type: 'artifact', name: value.name, digest: value.digest };
      // Only artifacts have another form than the lines of a step.
      return lineSchema.parse(value) as Exclude<RunLogLine, { type: 'artifact' }>;
    });
}
