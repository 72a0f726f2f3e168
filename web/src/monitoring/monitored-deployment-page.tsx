import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function MonitoredDeploymentPage() {
  return (
    <>
      <PageHeader title="Monitoring" />
      <EmptyState title="No window was evaluated yet" command="ripen monitor --help">
        Traffic, drift and quality appear after the first window of predictions.
      </EmptyState>
    </>
  );
}
