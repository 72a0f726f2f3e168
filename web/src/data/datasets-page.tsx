import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function DatasetsPage() {
  return (
    <>
      <PageHeader title="Data" />
      <EmptyState title="No dataset yet" command="ripen data --help">
        A dataset appears when a pipeline publishes its first snapshot or a file is added.
      </EmptyState>
    </>
  );
}
