import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function MonitoringPage() {
  return (
    <>
      <PageHeader title="Monitoring" />
      <EmptyState title="Nothing is monitored yet" command="ripen monitor --help">
        Every deployment is watched from its first prediction.
      </EmptyState>
    </>
  );
}
