import type { RunViewWire } from '#tracking/views/wire.ts';
import { useState } from 'react';
import { patch, pathOf, post, remove } from '../../api/client.ts';
import { useAction } from '../../api/queries.ts';
import { ActionDialog } from '../../ui/action-dialog.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type TableSearch, viewSearch, viewTable } from './table-state.ts';

interface SaveViewProps {
  readonly project: string;
  readonly search: TableSearch;
  readonly onSaved: (search: TableSearch) => void;
  readonly onClose: () => void;
}

export function SaveView({ project, search, onSaved, onClose }: SaveViewProps) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(true);
  const table = viewTable(search);
  const save = useAction(() => post<RunViewWire>(pathOf`/projects/${project}/run-views`, { name, shared, table }), ['runs']);
  return (
    <ActionDialog
      title="Save this view"
      description="Filter, order, columns, groups and pinned runs are kept; runs that come later and fit are shown too."
      verb="Save view"
      command={`curl -X POST "$RIPEN_URL/api/v1/projects/${project}/run-views" -H 'content-type: application/json' -d '${JSON.stringify({ name, shared, table })}'`}
      busy={save.isPending}
      error={save.error}
      disabled={name.trim() === ''}
      onConfirm={() =>
        save.mutate(undefined, {
          onSuccess: (view) => {
            onSaved(viewSearch(view.id, view.table));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={100} autoFocus />
      <Checkbox label="Everybody in the project sees it" checked={shared} onChange={setShared} />
    </ActionDialog>
  );
}

export function RenameView({
  project,
  view,
  onClose,
}: {
  readonly project: string;
  readonly view: RunViewWire;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(view.name);
  const path = pathOf`/projects/${project}/run-views/${view.id}`;
  const rename = useAction(() => patch<RunViewWire>(path, { name }), ['runs']);
  return (
    <ActionDialog
      title={`Rename “${view.name}”`}
      description="Links to the view stay as they are."
      verb="Rename view"
      command={`curl -X PATCH "$RIPEN_URL/api/v1${path}" -H 'content-type: application/json' -d '${JSON.stringify({ name })}'`}
      busy={rename.isPending}
      error={rename.error}
      disabled={name.trim() === ''}
      onConfirm={() => rename.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} maxLength={100} autoFocus />
    </ActionDialog>
  );
}

interface DeleteViewProps {
  readonly project: string;
  readonly view: RunViewWire;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

export function DeleteView({ project, view, onDeleted, onClose }: DeleteViewProps) {
  const path = pathOf`/projects/${project}/run-views/${view.id}`;
  const act = useAction(() => remove(path), ['runs']);
  return (
    <ActionDialog
      title={`Delete the view “${view.name}”`}
      description={view.shared ? 'It is gone for everybody in the project. No run is touched.' : 'No run is touched.'}
      verb="Delete view"
      danger
      command={`curl -X DELETE "$RIPEN_URL/api/v1${path}"`}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(undefined, {
          onSuccess: () => {
            onDeleted();
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}
