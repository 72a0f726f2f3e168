import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function RunPage() {
  return (
    <>
      <PageHeader title="Run" />
      <EmptyState title="This run logged nothing yet" command="ripen runs --help">
        Parameters, curves and artifacts appear while the run logs them.
      </EmptyState>
    </>
  );
}
