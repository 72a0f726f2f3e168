import type { BulkResultWire } from '#tracking/table/wire.ts';
import { useState } from 'react';
import { useAction } from '../../api/queries.ts';
import { ActionDialog } from '../../ui/action-dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { TextField } from '../../ui/text-field.tsx';
import { notify } from '../../ui/toast-notes.ts';
import { changeRuns } from '../runs-api.ts';

interface BulkDialogProps {
  readonly project: string;
  readonly runs: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const many = (count: number) => (count === 1 ? '1 run' : `${formatCount(count)} runs`);

function tell(verb: string, { changed, failed }: BulkResultWire): void {
  const [first] = failed;
  if (first === undefined) notify('ok', `${many(changed)} ${verb}`);
  else notify('warning', `${many(changed)} ${verb}, ${many(failed.length)} not`, first.detail);
}

function command(project: string, body: object): string {
  return `curl -X POST "$RIPEN_URL/api/v1/projects/${project}/run-changes" -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}

const shortList = (runs: readonly string[]) => (runs.length > 3 ? [...runs.slice(0, 2), '…'] : runs);

export function DeleteRuns({ project, runs, restore, onDone, onClose }: BulkDialogProps & { readonly restore: boolean }) {
  const change = restore ? 'restore' : 'delete';
  const act = useAction(() => changeRuns(project, { runs, change }), ['runs']);
  return (
    <ActionDialog
      title={`${restore ? 'Restore' : 'Delete'} ${many(runs.length)}`}
      description={
        restore
          ? 'The runs come back to the list with all that they logged.'
          : 'The runs move to the deleted ones, from where they can be restored. What they logged and kept stays until then.'
      }
      verb={restore ? 'Restore runs' : 'Delete runs'}
      danger={!restore}
      command={command(project, { runs: shortList(runs), change })}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(undefined, {
          onSuccess: (result) => {
            tell(restore ? 'restored' : 'deleted', result);
            onDone();
          },
        })
      }
      onClose={onClose}
    />
  );
}

export function TagRuns({ project, runs, onDone, onClose }: BulkDialogProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const tags = { [name.trim()]: value === '' ? null : value };
  const act = useAction(() => changeRuns(project, { runs, change: 'tag', tags }), ['runs']);
  return (
    <ActionDialog
      title={`Tag ${many(runs.length)}`}
      description="A tag that a run has already gets the new value; without a value the tag is taken away."
      verb={value === '' ? 'Take tag away' : 'Set tag'}
      command={command(project, { runs: shortList(runs), change: 'tag', tags })}
      busy={act.isPending}
      error={act.error}
      disabled={name.trim() === ''}
      onConfirm={() =>
        act.mutate(undefined, {
          onSuccess: (result) => {
            tell('tagged', result);
            onDone();
          },
        })
      }
      onClose={onClose}
    >
      <TextField label="Tag" value={name} onChange={setName} autoFocus maxLength={250} />
      <TextField label="Value" value={value} onChange={setValue} />
    </ActionDialog>
  );
}
