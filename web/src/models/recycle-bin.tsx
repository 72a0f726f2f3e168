import { useQuery } from '@tanstack/react-query';
import type { DeletedWire } from '#registry/wire.ts';
import { useState } from 'react';
import { shellWord } from '../pipelines/commands.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/page-header.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { TextField } from '../ui/text-field.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { deletedQuery, useRestore } from './model-queries.ts';

/** Deleted models and versions that can still be brought back; nothing when there are none. */
export function RecycleBin({ project }: { readonly project: string }) {
  const { data } = useQuery(deletedQuery(project));
  const [chosen, setChosen] = useState<DeletedWire>();
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Section title="Recycle bin">
      <Table
        label="Recycle bin"
        columns={columnsOf(setChosen)}
        rows={data.items}
        rowKey={({ model, version, deletedAt }) => `${model} ${version ?? ''} ${deletedAt}`}
        tools={false}
        maxHeight={280}
        empty={null}
      />
      {chosen !== undefined && <RestoreDialog project={project} item={chosen} onClose={() => setChosen(undefined)} />}
    </Section>
  );
}

function columnsOf(choose: (item: DeletedWire) => void): readonly Column<DeletedWire>[] {
  return [
    { id: 'model', header: 'Deleted', value: nameOf, grow: true, width: 200 },
    { id: 'kind', header: 'Kind', value: ({ kind, version }) => (version === undefined ? kind : `version of a ${kind}`), width: 140 },
    {
      id: 'deleted',
      header: 'When',
      value: ({ deletedAt }) => deletedAt,
      cell: ({ deletedAt }) => <RelativeTime time={deletedAt} />,
      width: 110,
    },
    {
      id: 'purged',
      header: 'Gone for good',
      value: ({ purgedAt }) => purgedAt,
      cell: ({ purgedAt }) => <RelativeTime time={purgedAt} />,
      width: 120,
    },
    {
      id: 'restore',
      header: 'Restore',
      value: () => undefined,
      cell: (item) => (
        <Button look="plain" onClick={() => choose(item)}>
          Restore
        </Button>
      ),
      sortable: false,
      width: 100,
    },
  ];
}

const nameOf = ({ model, version }: DeletedWire) => (version === undefined ? model : `${model} ${version}`);

function RestoreDialog({ project, item, onClose }: { readonly project: string; readonly item: DeletedWire; readonly onClose: () => void }) {
  const { model, version } = item;
  const [name, setName] = useState(model);
  const restore = useRestore();
  const as = version === undefined && name !== model ? name : undefined;
  const words = [shellWord(model), ...(version === undefined ? [] : [version]), ...(as === undefined ? [] : ['--as', shellWord(as)])];
  return (
    <ActionDialog
      title={`Restore ${nameOf(item)}`}
      description={
        version === undefined
          ? 'The model comes back with its versions, aliases and tags. When its name was given to another model, choose a new one.'
          : 'The version comes back under its number, without the aliases it had.'
      }
      verb="Restore"
      command={`ripen models restore ${words.join(' ')} --project ${shellWord(project)}`}
      busy={restore.isPending}
      error={restore.error}
      disabled={name.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        restore.mutate({ project, model, version: version === undefined ? undefined : String(version), as }, { onSuccess: onClose })
      }
    >
      {version === undefined && <TextField label="Name" value={name} onChange={setName} />}
    </ActionDialog>
  );
}
