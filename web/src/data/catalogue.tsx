import type { DatasetWire } from '#data/wire.ts';
import { type FormEvent, useState } from 'react';
import { patch } from '../api/client.ts';
import { useAction } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { TextField } from '../ui/text-field.tsx';
import { notify } from '../ui/toast-notes.ts';
import { datasetPath } from './data-queries.ts';
import styles from './data.module.css';

const fields = [
  { name: 'description', label: 'Description', help: 'What a row is and where the data comes from.' },
  { name: 'owner', label: 'Owner', help: 'Who repairs it: a person or a team.' },
  { name: 'classification', label: 'Classification', help: 'public, internal, confidential, personal, …' },
  { name: 'retention', label: 'Retention', help: 'How long it is kept, for example 3 years.' },
] as const;
type Field = (typeof fields)[number]['name'];

/** What people say about a dataset. A dataset without an owner and a classification does not count as catalogued. */
export function Catalogue({ project, dataset }: { readonly project: string; readonly dataset: DatasetWire }) {
  const [draft, setDraft] = useState<Partial<Record<Field, string>>>({});
  const save = useAction<Partial<Record<Field, string>>, DatasetWire>(
    (changes) => patch<DatasetWire>(datasetPath({ project, dataset: dataset.name }), changes),
    ['data'],
  );
  const changed = fields.filter(({ name }) => draft[name] !== undefined && draft[name] !== (dataset[name] ?? ''));
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (changed.length === 0) return;
    save.mutate(draft, { onSuccess: () => notify('ok', 'Catalogue saved') });
  }
  return (
    <form className={styles['catalogue']} onSubmit={submit}>
      {fields.map(({ name, label, help }) => (
        <TextField
          key={name}
          label={label}
          help={help}
          value={draft[name] ?? dataset[name] ?? ''}
          onChange={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      {save.isError && <ErrorState error={save.error} title="The catalogue could not be saved" />}
      <div className={styles['actions']}>
        <Button type="submit" look="primary" busy={save.isPending} disabled={changed.length === 0}>
          Save
        </Button>
        {changed.length > 0 && (
          <Button look="plain" onClick={() => setDraft({})}>
            Discard changes
          </Button>
        )}
      </div>
    </form>
  );
}
