import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function DatasetPage() {
  return (
    <>
      <PageHeader title="Dataset" />
      <EmptyState title="No snapshot yet" command="ripen data --help">
        Snapshots, their schema, profile and contract stand here once the dataset has one.
      </EmptyState>
    </>
  );
}
