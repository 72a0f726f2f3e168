import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function CompareRunsPage() {
  return (
    <>
      <PageHeader title="Compare runs" />
      <EmptyState title="No runs are chosen" command="ripen runs --help">
        Pick two or more runs in the list and compare their parameters and curves.
      </EmptyState>
    </>
  );
}
