import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function DeploymentsPage() {
  return (
    <>
      <PageHeader title="Deployments" />
      <EmptyState title="Nothing is deployed yet" command="ripen deploy --help">
        A release that passes its gates is deployed to staging and then to production.
      </EmptyState>
    </>
  );
}
