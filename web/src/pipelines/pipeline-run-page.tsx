import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function PipelineRunPage() {
  return (
    <>
      <PageHeader title="Pipeline run" />
      <EmptyState title="This pipeline run has no steps" command="ripen pipeline --help">
        Steps appear as soon as the run is planned.
      </EmptyState>
    </>
  );
}
