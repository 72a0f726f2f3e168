import type { PipelineRunDetailWire } from '#pipelines/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, Play, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { cancelCommand, retryCommand } from './commands.ts';
import { pipelinesQuery, useChangeRun } from './pipelines-api.ts';
import { StartRunDialog } from './start-run-dialog.tsx';
import { isLive } from './states.tsx';

/** What can be done with a run as it stands: cancel, go on where it failed, run again. */
export function RunActions({ run }: { readonly run: PipelineRunDetailWire }) {
  const [open, setOpen] = useState<'cancel' | 'retry' | 'again'>();
  const pipelines = useQuery(pipelinesQuery(run.project));
  const pipeline = pipelines.data?.items.find((candidate) => candidate.name === run.pipeline);
  const close = () => setOpen(undefined);
  return (
    <>
      {isLive(run) && (
        <Button look="danger" icon={<Ban size={13} aria-hidden />} disabled={run.cancelRequested} onClick={() => setOpen('cancel')}>
          {run.cancelRequested ? 'Cancelling' : 'Cancel'}
        </Button>
      )}
      {(run.state === 'failed' || run.state === 'cancelled') && (
        <Button icon={<RotateCcw size={13} aria-hidden />} onClick={() => setOpen('retry')}>
          Retry
        </Button>
      )}
      {!isLive(run) && pipeline !== undefined && (
        <Button icon={<Play size={13} aria-hidden />} onClick={() => setOpen('again')}>
          Run again
        </Button>
      )}
      {open === 'cancel' && <CancelDialog run={run} onClose={close} />}
      {open === 'retry' && <RetryDialog run={run} onClose={close} />}
      {open === 'again' && pipeline !== undefined && (
        <StartRunDialog project={run.project} pipeline={pipeline} values={run.parameters} onClose={close} />
      )}
    </>
  );
}

interface DialogProps {
  readonly run: PipelineRunDetailWire;
  readonly onClose: () => void;
}

function CancelDialog({ run, onClose }: DialogProps) {
  const cancel = useChangeRun(run.project, run.id, 'cancel');
  return (
    <ActionDialog
      title="Cancel this run"
      description="Running steps are stopped with everything they started. Finished steps keep their results; a retry goes on behind them."
      verb="Cancel run"
      danger
      command={cancelCommand(run.project, run.id)}
      busy={cancel.isPending}
      error={cancel.error}
      onClose={onClose}
      onConfirm={() => cancel.mutate(undefined, { onSuccess: onClose })}
    />
  );
}

function RetryDialog({ run, onClose }: DialogProps) {
  const navigate = useNavigate();
  const retry = useChangeRun(run.project, run.id, 'retry');
  const { project } = run;
  return (
    <ActionDialog
      title="Retry this run"
      description="A new run with the same code, parameters and data goes on where this one ended; finished steps are not repeated."
      verb="Retry"
      command={retryCommand(project, run.id)}
      busy={retry.isPending}
      error={retry.error}
      onClose={onClose}
      onConfirm={() =>
        retry.mutate(undefined, {
          onSuccess: ({ id }) => {
            onClose();
            void navigate({ to: '/$project/pipelines/$pipelineRun', params: { project, pipelineRun: id } });
          },
        })
      }
    />
  );
}
