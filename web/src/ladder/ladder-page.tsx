import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

export function LadderPage() {
  return (
    <>
      <PageHeader title="Ladder" />
      <EmptyState title="Nothing was assessed yet" command="ripen assess">
        Ripen reads the event log and says which maturity stage the evidence supports.
      </EmptyState>
    </>
  );
}
