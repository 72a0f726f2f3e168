import type { RevisionWire } from '#serving/wire.ts';
import { useState } from 'react';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { rollbackCommand } from './commands.ts';
import { type Environment, useRollBack } from './deployments-api.ts';

interface RollbackDialogProps {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
  readonly to: RevisionWire;
  readonly onClose: () => void;
}

export function RollbackDialog({ project, deployment, environment, to, onClose }: RollbackDialogProps) {
  const [reason, setReason] = useState('');
  const rollBack = useRollBack(project, deployment);
  return (
    <ActionDialog
      title={`Roll back ${deployment} in ${environment}`}
      description={`All traffic goes to revision ${to.number} with version ${to.modelVersion} at once; it was kept warm for this. A rollout that is under way ends.`}
      verb="Roll back"
      danger
      command={rollbackCommand(project, deployment, environment, reason)}
      busy={rollBack.isPending}
      error={rollBack.error}
      disabled={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() => rollBack.mutate({ environment, reason: reason.trim() }, { onSuccess: onClose })}
    >
      <TextField label="Reason" value={reason} onChange={setReason} help="Goes into the event log." autoFocus required />
    </ActionDialog>
  );
}
