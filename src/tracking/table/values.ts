import { newestFirst } from '../search/order.ts';
import { prepare } from '../search/search-runs.ts';
import type { Workshop } from '../service.ts';
import { fieldNamed } from './field.ts';
import { selectValues } from './value-store.ts';

/** Values that a parameter, tag or attribute has in the project's runs, for completion; metrics and times have too many to list. */
export async function fieldValues(
  workshop: Workshop,
  request: { project: string; field: string; prefix: string; limit: number },
): Promise<string[]> {
  const field = fieldNamed(request.field);
  if (field.kind === 'metric') return [];
  const { criteria, context } = await prepare(workshop, { project: request.project }, newestFirst, [field]);
  return selectValues(workshop.database, { project: criteria.project, field, context, prefix: request.prefix, limit: request.limit });
}
