import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function RunsPage() {
  return (
    <>
      <PageHeader title="Runs" />
      <EmptyState title="No run was tracked yet" command="ripen run --help">
        A tracked step logs parameters, metrics and artifacts to its run.
      </EmptyState>
    </>
  );
}
