import type { ReleaseStoryWire } from '#delivery/wire.ts';
import { useState } from 'react';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { approveCommand, cancelReleaseCommand } from './commands.ts';
import { useApprove, useCancelRelease } from './deployments-api.ts';
import { isUnderWay } from './release-state.tsx';

interface ReleaseActionsProps {
  readonly project: string;
  readonly release: ReleaseStoryWire;
}

export function ReleaseActions({ project, release }: ReleaseActionsProps) {
  const [open, setOpen] = useState<'approve' | 'cancel'>();
  if (!isUnderWay(release)) return null;
  const close = () => setOpen(undefined);
  return (
    <>
      {release.approvalsNeeded > 0 && (
        <Button look={release.state === 'awaiting-approval' ? 'primary' : 'default'} onClick={() => setOpen('approve')}>
          Approve
        </Button>
      )}
      <Button look="danger" disabled={release.cancelRequested} onClick={() => setOpen('cancel')}>
        {release.cancelRequested ? 'Cancelling' : 'Cancel'}
      </Button>
      {open === 'approve' && <ApproveDialog project={project} release={release} onClose={close} />}
      {open === 'cancel' && <CancelDialog project={project} release={release} onClose={close} />}
    </>
  );
}

interface DialogProps extends ReleaseActionsProps {
  readonly onClose: () => void;
}

function ApproveDialog({ project, release, onClose }: DialogProps) {
  const [comment, setComment] = useState('');
  const approve = useApprove(project, release.id);
  return (
    <ActionDialog
      title={`Approve release ${release.number}`}
      description={`${release.model} version ${release.version} may go to production. The approval holds for this digest alone.`}
      verb="Approve"
      command={approveCommand(project, release.number)}
      busy={approve.isPending}
      error={approve.error}
      onClose={onClose}
      onConfirm={() => approve.mutate(comment.trim(), { onSuccess: onClose })}
    >
      <TextField label="Comment" value={comment} onChange={setComment} help="Goes into the event log." />
    </ActionDialog>
  );
}

function CancelDialog({ project, release, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const cancel = useCancelRelease(project, release.id);
  return (
    <ActionDialog
      title={`Cancel release ${release.number}`}
      description="It stops where it is; in production its rollout ends and the traffic goes back."
      verb="Cancel release"
      danger
      command={cancelReleaseCommand(project, release.number, reason)}
      busy={cancel.isPending}
      error={cancel.error}
      disabled={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() => cancel.mutate(reason.trim(), { onSuccess: onClose })}
    >
      <TextField label="Reason" value={reason} onChange={setReason} help="Goes into the event log." required />
    </ActionDialog>
  );
}
