import type { RunWire } from '#tracking/wire.ts';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isLive } from '../run-state.tsx';
import { runPageQuery, type RunSearch, searchWords } from '../runs-api.ts';
import { pageSize, type RowModel, type RowPlace, type WantedPage, wantedPages } from './row-model.ts';

const liveMs = 4_000;
const restMs = 90;

/** The rows in sight, inclusive. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Reads the pages that are in sight; gives the run at a place, or undefined while it is being read. */
export function useRunRows(project: string, search: RunSearch, model: RowModel, range: RowRange) {
  const wanted = useWanted(model, range);
  const found = useQueries({
    queries: wanted.map(({ filter, page }) => ({
      ...runPageQuery(project, { ...search, filter }, page, pageSize),
      // Metrics are no events: pages with runs that log are asked again.
      refetchInterval: (query: { state: { data?: { items: readonly RunWire[] } | undefined } }) =>
        query.state.data?.items.some(isLive) === true ? liveMs : (false as const),
    })),
    combine: combineResults,
  });
  // With other columns the same rows are read again: until they are there, the old ones stay.
  const kept = useRef<{ readonly words: string; readonly pages: Map<string, readonly RunWire[]> }>({ words: '', pages: new Map() });
  const words = JSON.stringify([project, searchWords(search)]);
  const pages = useMemo(() => {
    const before = kept.current.words === words ? kept.current.pages : undefined;
    const byKey = new Map<string, readonly RunWire[]>();
    for (const [index, { key, page }] of wanted.entries()) {
      const place = `${page} ${key}`;
      const items = found.data[index] ?? before?.get(place);
      if (items !== undefined) byKey.set(place, items);
    }
    return byKey;
  }, [found.data, wanted, words]);
  useEffect(() => {
    kept.current = { words, pages };
  }, [words, pages]);
  const runAt = useCallback(
    ({ segment, offset }: RowPlace) => pages.get(`${Math.floor(offset / pageSize)} ${segment.key}`)?.[offset % pageSize],
    [pages],
  );
  return { runAt, error: found.error };
}

type PageResult = { readonly data: { readonly items: readonly RunWire[] } | undefined; readonly error: Error | null };

function combineResults(results: readonly PageResult[]) {
  return { data: results.map((result) => result.data?.items), error: results.find((result) => result.error !== null)?.error ?? null };
}

/** While somebody drags through the list, nothing is asked for rows that only fly past. */
function useWanted(model: RowModel, { from, to }: RowRange): readonly WantedPage[] {
  const now = useMemo(() => wantedPages(model, from, to), [model, from, to]);
  const text = textOf(now);
  const [settled, setSettled] = useState({ model, text, now });
  useEffect(() => {
    if (settled.text === text && settled.model === model) return undefined;
    // A neighbouring page comes at once, a far one when the list rests.
    const isNear =
      settled.model !== model || now.some((page) => settled.now.some((old) => old.key === page.key && Math.abs(old.page - page.page) <= 1));
    const timer = window.setTimeout(() => setSettled({ model, text, now }), isNear ? 0 : restMs);
    return () => window.clearTimeout(timer);
  }, [model, text, now, settled]);
  return settled.model === model ? settled.now : now;
}

function textOf(pages: readonly WantedPage[]): string {
  return pages.map(({ key, page }) => `${page} ${key}`).join('\n');
}
