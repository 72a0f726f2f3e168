import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function DeploymentPage() {
  return (
    <>
      <PageHeader title="Deployment" />
      <EmptyState title="This deployment has no revision" command="ripen deploy --help">
        Traffic, rollout steps and rollback stand here.
      </EmptyState>
    </>
  );
}
