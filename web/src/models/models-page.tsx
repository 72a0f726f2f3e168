import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function ModelsPage() {
  return (
    <>
      <PageHeader title="Models" />
      <EmptyState title="No model is registered yet" command="ripen models --help">
        A pipeline that declares registers adds a version with its signature, data and code.
      </EmptyState>
    </>
  );
}
