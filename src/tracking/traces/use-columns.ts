import type { TokenCost, TokenUsage } from './model.ts';
import type { SpanRow } from './tables.ts';

/** The columns that hold tokens and costs, of traces as of spans. */
export const useColumnNames = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'input_cost',
  'output_cost',
  'total_cost',
] as const satisfies readonly (keyof SpanRow)[];

type UseColumns = Pick<SpanRow, (typeof useColumnNames)[number]>;

export function tokensOf(row: UseColumns): TokenUsage | undefined {
  if (row.total_tokens === null) return undefined;
  return {
    input: row.input_tokens ?? 0,
    output: row.output_tokens ?? 0,
    total: row.total_tokens,
    ...(row.cache_read_tokens === null ? {} : { cacheRead: row.cache_read_tokens }),
    ...(row.cache_creation_tokens === null ? {} : { cacheCreation: row.cache_creation_tokens }),
  };
}

export function costOf(row: UseColumns): TokenCost | undefined {
  return row.total_cost === null ? undefined : { input: row.input_cost ?? 0, output: row.output_cost ?? 0, total: row.total_cost };
}

export function useColumns(tokens: TokenUsage | undefined, cost: TokenCost | undefined): UseColumns {
  return {
    input_tokens: tokens?.input ?? null,
    output_tokens: tokens?.output ?? null,
    total_tokens: tokens?.total ?? null,
    cache_read_tokens: tokens?.cacheRead ?? null,
    cache_creation_tokens: tokens?.cacheCreation ?? null,
    input_cost: cost?.input ?? null,
    output_cost: cost?.output ?? null,
    total_cost: cost?.total ?? null,
  };
}
