import { type Filter, MlflowError, type OrderTerm, parseFilter, parseOrderBy } from '#tracking/index.ts';
import { registryErrors } from './errors.ts';

/** Filter and order as they are written in an address: `name like 'a%'` and `updated_at desc, name`. @throws `registry.search-invalid` */
export function readSearch(text: { filter?: string | undefined; order?: string | undefined }): {
  readonly filter: Filter | undefined;
  readonly order: readonly OrderTerm[];
} {
  try {
    const terms = (text.order ?? '').split(',').filter((term) => term.trim() !== '');
    return { filter: parseFilter(text.filter ?? ''), order: terms.map(parseOrderBy) };
  } catch (error) {
    // The grammar is that of MLflow, which has errors of its own.
    if (error instanceof MlflowError) throw registryErrors['search-invalid']({ reason: error.message }, error);
    throw error;
  }
}
