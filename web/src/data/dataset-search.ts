import { choiceIn, numberIn, type Search, textIn } from '../frame/search-values.ts';

export const datasetTabs = ['profile', 'rows', 'schema', 'contract', 'lineage', 'quarantine', 'catalogue'] as const;
export type DatasetTab = (typeof datasetTabs)[number];

export interface DatasetSearch {
  readonly tab?: DatasetTab | undefined;
  /** Number of the chosen snapshot; without it the newest. */
  readonly snapshot?: number | undefined;
  /** Number of the snapshot that profiles are compared with; 0 for none. */
  readonly reference?: number | undefined;
  readonly column?: string | undefined;
  /** First row of the preview. */
  readonly offset?: number | undefined;
  /** Id of the open refused load. */
  readonly load?: string | undefined;
}

export function readDatasetSearch(search: Search): DatasetSearch {
  return {
    tab: choiceIn(search, 'tab', datasetTabs),
    snapshot: numberIn(search, 'snapshot'),
    reference: numberIn(search, 'reference', 0),
    column: textIn(search, 'column'),
    offset: numberIn(search, 'offset', 0),
    load: textIn(search, 'load'),
  };
}
