import type { RunWire } from '#tracking/wire.ts';
import { useState } from 'react';
import { patch, pathOf } from '../../api/client.ts';
import { useAction } from '../../api/queries.ts';
import { ActionDialog } from '../../ui/action-dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';

export function RenameRun({ run, onClose }: { readonly run: RunWire; readonly onClose: () => void }) {
  const [name, setName] = useState(run.name);
  const path = pathOf`/projects/${run.project}/runs/${run.id}`;
  const rename = useAction(() => patch<RunWire>(path, { name }), ['runs']);
  return (
    <ActionDialog
      title="Rename the run"
      description="Its id and every link to it stay as they are."
      verb="Rename run"
      command={`curl -X PATCH "$RIPEN_URL/api/v1${path}" -H 'content-type: application/json' -d '${JSON.stringify({ name })}'`}
      busy={rename.isPending}
      error={rename.error}
      disabled={name.trim() === '' || name === run.name}
      onConfirm={() => rename.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={250} autoFocus />
    </ActionDialog>
  );
}
