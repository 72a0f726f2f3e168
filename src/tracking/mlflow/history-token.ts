import { z } from 'zod';
import type { MetricPoint } from '../model.ts';
import { MlflowError } from './protocol/index.ts';

const shape = z.tuple([z.string(), z.int(), z.int(), z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])]);

/** A page token: the last point of the page, and the metric it belongs to. */
export function writeHistoryToken({ step, time, value }: MetricPoint, metric: string): string {
  return Buffer.from(JSON.stringify([metric, step, time, Number.isFinite(value) ? value : String(value)])).toString('base64url');
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function readHistoryToken(token: string, metric: string): MetricPoint {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (cause) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token, could not base64-decode', { cause });
  }
  const { data } = shape.safeParse(parsed);
  if (data === undefined || data[0] !== metric)
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token: it was not made for this metric, or was changed');
  const [, step, time, value] = data;
  return { step, time, value: Number(value) };
}
