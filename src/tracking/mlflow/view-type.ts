import type { Lifecycle } from '../search/criteria-store.ts';

/** Number of each view on the wire. */
export const viewTypes = { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 } as const;

const lifecycles = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const satisfies Record<
  keyof typeof viewTypes,
  Lifecycle
>;

/** What is alive when nothing was said. */
export function lifecycleOf(view: keyof typeof viewTypes | undefined): Lifecycle {
  return lifecycles[view ?? 'ACTIVE_ONLY'];
}
