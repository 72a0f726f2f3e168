import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function NoRuns({ project }: { readonly project: string }) {
  return (
    <EmptyState title="No run was tracked yet" command={`ripen pipeline run train --project ${project}`}>
      A pipeline step with <code>tracked: true</code> logs its parameters, metrics and artifacts to a run; so does any program that speaks
      with MLflow’s client. Start a pipeline that trains, or point <code>MLFLOW_TRACKING_URI</code> here.
    </EmptyState>
  );
}

export function NothingFits({
  deleted,
  narrowed,
  onClear,
}: {
  readonly deleted: boolean;
  readonly narrowed: boolean;
  readonly onClear: () => void;
}) {
  const title = deleted && !narrowed ? 'No run is deleted' : 'No run fits';
  return (
    <EmptyState title={title} action={<Button onClick={onClear}>Show all runs</Button>}>
      {deleted && !narrowed
        ? 'Deleted runs wait here until somebody restores them.'
        : 'No run fits the filter, the experiment and the state that are chosen.'}
    </EmptyState>
  );
}
