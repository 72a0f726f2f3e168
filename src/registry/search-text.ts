import { z } from 'zod';
import { MlflowError, parseFilter, parseOrderBy } from '#tracking/index.ts';
import { registryErrors } from './errors.ts';
import type { RegistrySearch } from './search.ts';
import { kindShape } from './wire.ts';

/** How an address asks for a page of models or versions. */
export const searchQuery = z.object({
  kind: kindShape.default('model'),
  /** `name = 'delay' and version > 3 and tags.checked = 'yes'`. */
  filter: z.string().optional(),
  /** `updated_at desc, name`. */
  order: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.string().optional(),
});

/** @throws `registry.search-invalid` */
export function readSearch(project: string, { filter = '', order = '', ...page }: z.infer<typeof searchQuery>): RegistrySearch {
  try {
    const terms = order.split(',').filter((term) => term.trim() !== '');
    return { project, ...page, filter: parseFilter(filter), order: terms.map(parseOrderBy) };
  } catch (error) {
    // The grammar is that of MLflow, which has errors of its own.
    if (error instanceof MlflowError) throw registryErrors['search-invalid']({ reason: error.message }, error);
    throw error;
  }
}
