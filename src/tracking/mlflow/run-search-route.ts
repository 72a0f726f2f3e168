import type { TrackingCommands } from '../commands.ts';
import type { RunSearch } from '../search/search-runs.ts';
import { experimentNumber } from './key-rules.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute, rawReply } from './protocol/index.ts';
import { runMessage } from './run-message.ts';
import { runCondition, runOrders } from './search/index.ts';
import { lifecycleOf, viewTypes } from './view-type.ts';

const mostRuns = 50_000;
const usualPage = 1000;

/** A page of more than `runsAtOnce` runs is read and sent piece by piece, so that the largest takes no more memory than so many. */
export function runSearchRoutes(tracking: TrackingCommands, runsAtOnce = 1000): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: '2.0/mlflow/runs/search',
      action: 'runs:read',
      summary: 'Runs of some experiments that fit a filter, in any order, page by page',
      request: {
        experiment_ids: field.list(field.text()),
        filter: field.text(),
        run_view_type: field.choice(viewTypes),
        max_results: field.whole(),
        order_by: field.list(field.text()),
        page_token: field.text(),
      },
      async handle({ experiment_ids: ids = [], max_results: limit = usualPage, ...input }, { project }) {
        checkPageSize(limit, mostRuns);
        const search: Omit<RunSearch, 'limit'> = {
          project,
          sequences: ids.map(experimentNumber),
          filter: runCondition(input.filter ?? ''),
          order: runOrders(input.order_by ?? []),
          lifecycle: lifecycleOf(input.run_view_type),
          after: input.page_token === '' ? undefined : input.page_token,
        };
        const first = await tracking.findRuns({ ...search, limit: Math.min(limit, runsAtOnce) });
        const { items, next } = first;
        if (next === undefined || limit <= runsAtOnce)
          return cleanReply({
            ...(items.length === 0 ? {} : { runs: items.map(runMessage) }),
            ...(next === undefined ? {} : { next_page_token: next }),
          });
        const body = ReadableStream.from(piecesOf(tracking, { search, limit, first, runsAtOnce }));
        return rawReply({ status: 200, headers: { 'content-type': 'application/json' }, body });
      },
    }),
  ];
}

type FoundRuns = Awaited<ReturnType<TrackingCommands['findRuns']>>;

async function* piecesOf(
  tracking: TrackingCommands,
  { search, limit, first, runsAtOnce }: { search: Omit<RunSearch, 'limit'>; limit: number; first: FoundRuns; runsAtOnce: number },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let page = first;
  let left = limit;
  let begin = '{"runs":[';
  for (;;) {
    left -= page.items.length;
    // Runs may have been deleted since the page before said that there are more.
    if (page.items.length > 0) yield encoder.encode(begin + JSON.stringify(page.items.map(runMessage)).slice(1, -1));
    begin = ',';
    if (page.next === undefined || left <= 0) break;
    page = await tracking.findRuns({ ...search, after: page.next, limit: Math.min(left, runsAtOnce) });
  }
  yield encoder.encode(page.next === undefined ? ']}' : `],"next_page_token":${JSON.stringify(page.next)}}`);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkPageSize(size: number, most: number): void {
  if (size >= 1 && size <= most) return;
  const rule = size < 1 ? 'It must be a positive integer' : `It must be at most ${most}`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value ${size} for parameter 'max_results' supplied. ${rule}`);
}
