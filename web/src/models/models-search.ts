import { choiceIn, numberIn, type Search, textIn } from '../frame/search-values.ts';

export interface ModelSearch {
  /** Versions that are compared. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

export function readModelSearch(search: Search): ModelSearch {
  return { before: numberIn(search, 'before'), after: numberIn(search, 'after') };
}

export const versionTabs = ['evaluation', 'directory', 'card', 'signature', 'lineage', 'files'] as const;
export type VersionTab = (typeof versionTabs)[number];

export interface VersionSearch {
  readonly tab?: VersionTab | undefined;
  /** Key of the slices that are shown: `hour`, `origin`. */
  readonly slices?: string | undefined;
}

export function readVersionSearch(search: Search): VersionSearch {
  return { tab: choiceIn(search, 'tab', versionTabs), slices: textIn(search, 'slices') };
}
