import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function PipelinesPage() {
  return (
    <>
      <PageHeader title="Pipelines" />
      <EmptyState title="No pipeline has run yet" command="ripen pipeline --help">
        Pipelines are declared in ripen.yaml; a run shows its graph, its timeline and its logs.
      </EmptyState>
    </>
  );
}
