import type { OrderTerm } from './filter-tree.ts';
import type { Problem } from './lexer.ts';
import { readField } from './read-field.ts';
import { createReader } from './reader.ts';

const mostTerms = 10;

/**
 * Reads `metrics.auc desc, params."learning rate"`: fields with an optional direction, ascending unless said.
 * @throws what `problem` makes; also for an empty text
 */
export function readOrder(text: string, problem: Problem): OrderTerm[] {
  const reader = createReader(text, problem);
  const terms: OrderTerm[] = [];
  do {
    const { entity, key } = readField(reader);
    const ascending = !reader.accept('desc');
    if (ascending) reader.accept('asc');
    terms.push({ entity, key, ascending });
    if (terms.length > mostTerms) throw reader.problem(`it has more than ${mostTerms} keys`);
  } while (reader.accept(','));
  if (reader.peek().kind !== 'end') throw reader.problem('"asc", "desc" or the end was expected');
  return terms;
}
