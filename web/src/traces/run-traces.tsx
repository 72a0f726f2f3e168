import type { RunWire } from '#tracking/wire.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { TraceList } from './trace-list.tsx';

/** The traces that belong to a run. */
export function RunTraces({ run }: { readonly run: Pick<RunWire, 'project' | 'id'> }) {
  return (
    <TraceList
      project={run.project}
      search={{ run: run.id }}
      empty={<EmptyState title="No trace belongs to this run">Calls that are traced while the run is active appear here.</EmptyState>}
    />
  );
}
