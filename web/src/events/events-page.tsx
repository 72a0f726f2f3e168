import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function EventsPage() {
  return (
    <>
      <PageHeader title="Events" />
      <EmptyState title="No event yet" command="ripen events verify">
        Everything that changes the project is written here, in an order that cannot be altered unnoticed.
      </EmptyState>
    </>
  );
}
