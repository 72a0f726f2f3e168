import { readFilter } from '../../search/filter-grammar.ts';
import type { Filter } from '../../search/filter-tree.ts';
import { MlflowError } from '../protocol/mlflow-error.ts';

/** Filters name many run ids in one list. */
const longestFilter = 500_000;

/**
 * Reads a filter string of MLflow and what its language lacks (OR, NOT, parentheses, BETWEEN). Which fields there are is for the caller
 * to say (`compileFilter`). An empty string is no filter.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function parseFilter(text: string): Filter | undefined {
  return readFilter(text, {
    longest: longestFilter,
    truthWords: false,
    problem: (position, what) => invalidFilter(text, position, what),
    badValue: (found) =>
      invalid(
        `Parameter value is either not quoted or unidentified quote types used for string value ${found.slice(0, 100)}. ` +
          'Use either single or double quotes.',
      ),
  });
}

/** The error of a filter that is not understood at `position`. */
function invalidFilter(text: string, position: number, what: string): MlflowError {
  const clause = text.slice(position, position + 60).trim();
  return invalid(`Invalid clause(s) in filter string: '${clause}' at character ${position + 1}: ${what}.`);
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}
