import { z } from 'zod';
import { registryErrors } from './errors.ts';
import { isRipenError } from './known-error.ts';

/** `evaluation.json`: what a model scored on data it did not see. Members that are not named here are kept as they are. */
export const evaluationShape = z.looseObject({
  metrics: z.record(z.string(), z.number().nullable()),
  rows: z.number().optional(),
  calibration: z
    .array(
      z.looseObject({
        lower: z.number(),
        upper: z.number(),
        count: z.number(),
        predicted: z.number().nullable(),
        observed: z.number().nullable(),
      }),
    )
    .optional(),
  slices: z.array(z.looseObject({ slice: z.string(), count: z.number() })).optional(),
  trained_on: z.record(z.string(), z.unknown()).optional(),
});
export type Evaluation = z.infer<typeof evaluationShape>;

export const evaluationFile = 'evaluation.json';
export const largestEvaluation = 16 * 1024 * 1024;

export function isEvaluation(text: string): boolean {
  try {
    parseEvaluation(text);
    return true;
  } catch (error) {
    if (isRipenError(error, 'registry.evaluation-invalid')) return false;
    throw error;
  }
}

/** @throws `registry.evaluation-invalid` */
export function parseEvaluation(text: string): Evaluation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw registryErrors['evaluation-invalid']({ file: evaluationFile, reason: `it is not JSON (${String(cause)})` }, cause);
  }
  const parsed = evaluationShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw registryErrors['evaluation-invalid']({ file: evaluationFile, reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
}
