import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function ModelVersionPage() {
  return (
    <>
      <PageHeader title="Model version" />
      <EmptyState title="This version does not exist" command="ripen models --help">
        Its card, lineage and gate results stand here.
      </EmptyState>
    </>
  );
}
