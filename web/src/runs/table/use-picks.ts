import type { RunWire } from '#tracking/wire.ts';
import { useCallback, useRef, useState } from 'react';
import { notify } from '../../ui/toast-notes.ts';
import { readRunIds, type RunSearch } from '../runs-api.ts';
import { runInRow, runsBetween } from './picks.ts';
import type { RowModel, RowPlace } from './row-model.ts';

/** As many runs as can be picked at once. */
const mostPicked = 10_000;

interface PicksOptions {
  readonly project: string;
  readonly search: RunSearch;
  readonly model: RowModel;
  readonly runAt: (place: RowPlace) => RunWire | undefined;
}

const none: ReadonlySet<string> = new Set();

/** Which runs are picked, also runs that nobody has scrolled to. */
export function usePicks({ project, search, model, runAt }: PicksOptions) {
  const [picked, setPicked] = useState(none);
  const anchor = useRef<number>(undefined);

  const ask = useCallback(
    async (stretches: readonly { filter: string | undefined; skip: number; count: number }[]) => {
      const ids: string[] = [];
      for (const { filter, skip, count } of stretches)
        ids.push(...(await readRunIds(project, { ...search, filter }, { skip, most: Math.min(count, mostPicked) })));
      return ids;
    },
    [project, search],
  );
  const add = useCallback((ids: readonly string[]) => setPicked((old) => new Set([...old, ...ids].slice(0, mostPicked))), []);

  const pick = useCallback(
    (index: number, range: boolean) => {
      const from = anchor.current;
      if (range && from !== undefined) {
        const { ids, unread } = runsBetween(model, runAt, { from, to: index });
        add(ids);
        if (unread.length > 0) ask(unread).then(add, told);
        return;
      }
      const run = runInRow(model, runAt, index);
      if (run === undefined) return;
      anchor.current = index;
      setPicked((old) => {
        const next = new Set(old);
        if (!next.delete(run.id)) next.add(run.id);
        return next;
      });
    },
    [model, runAt, add, ask],
  );

  const pickAll = useCallback(
    (all: boolean) => {
      anchor.current = undefined;
      if (!all) return setPicked(none);
      readRunIds(project, search, { skip: 0, most: mostPicked }).then((ids) => {
        setPicked(new Set(ids));
        if (ids.length === mostPicked)
          notify(
            'warning',
            `The first ${mostPicked.toLocaleString('en')} runs are picked`,
            'That is the limit; narrow the list to reach the others.',
          );
      }, told);
    },
    [project, search],
  );
  return { picked, pick, pickAll, clear: useCallback(() => setPicked(none), []) };
}

function told(error: unknown): void {
  notify('failed', 'The runs could not be picked', error instanceof Error ? error.message : String(error));
}
