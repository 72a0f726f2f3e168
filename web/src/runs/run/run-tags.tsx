import type { RunWire } from '#tracking/wire.ts';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { pathOf, post } from '../../api/client.ts';
import { useAction } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Section } from '../../ui/page-header.tsx';
import styles from '../runs.module.css';
import { noteTag } from './run-description.tsx';

const shownCharacters = 200;

/** The tags, each with the way to take it away, and a line to add one. */
export function RunTags({ run }: { readonly run: RunWire }) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const write = useAction(
    (tags: Readonly<Record<string, string | null>>) => post(pathOf`/projects/${run.project}/runs/${run.id}/log`, { tags }),
    ['runs'],
  );
  const tags = Object.entries(run.tags).filter(([tag]) => tag !== noteTag);
  const editable = run.deletedAt === undefined;
  function add(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() === '') return;
    write.mutate(
      { [name.trim()]: value },
      {
        onSuccess: () => {
          setName('');
          setValue('');
        },
      },
    );
  }
  return (
    <Section title="Tags">
      {tags.length === 0 && <p className={styles['note']}>The run has no tag.</p>}
      <ul className={styles['tags']}>
        {tags.map(([tag, text]) => (
          <li key={tag} className={styles['tag']} title={text}>
            <span>
              {tag}
              {text !== '' && ': '}
              {text.slice(0, shownCharacters)}
              {text.length > shownCharacters && '…'}
            </span>
            {editable && (
              <button type="button" aria-label={`Take the tag ${tag} away`} onClick={() => write.mutate({ [tag]: null })}>
                <X size={12} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {editable && (
        <form className={styles['tagForm']} onSubmit={add}>
          <input
            aria-label="Name of a new tag"
            placeholder="tag"
            value={name}
            maxLength={250}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <input
            aria-label="Value of the new tag"
            placeholder="value"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Button type="submit" disabled={name.trim() === ''} busy={write.isPending}>
            Add tag
          </Button>
        </form>
      )}
      {write.error !== null && <ErrorState error={write.error} />}
    </Section>
  );
}
