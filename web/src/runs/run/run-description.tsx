import type { RunWire } from '#tracking/wire.ts';
import { lazy, Suspense, useState } from 'react';
import { pathOf, post } from '../../api/client.ts';
import { useAction } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Section } from '../../ui/page-header.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from '../runs.module.css';

const Markdown = lazy(() => import('../../ui/markdown.tsx').then((module) => ({ default: module.Markdown })));

/** The tag in which MLflow's clients and pages keep the description of a run. */
export const noteTag = 'mlflow.note.content';

/** What people wrote about the run, as Markdown. */
export function RunDescription({ run }: { readonly run: RunWire }) {
  const text = run.tags[noteTag] ?? '';
  const [draft, setDraft] = useState<string>();
  const write = useAction(
    (note: string) => post(pathOf`/projects/${run.project}/runs/${run.id}/log`, { tags: { [noteTag]: note.trim() === '' ? null : note } }),
    ['runs'],
  );
  if (draft !== undefined)
    return (
      <Section title="Description">
        <form
          className={styles['noteForm']}
          onSubmit={(event) => {
            event.preventDefault();
            write.mutate(draft, { onSuccess: () => setDraft(undefined) });
          }}
        >
          <textarea
            aria-label="Description, as Markdown"
            rows={8}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            autoFocus
          />
          {write.error !== null && <ErrorState error={write.error} />}
          <span className={styles['formButtons']}>
            <Button onClick={() => setDraft(undefined)}>Back</Button>
            <Button look="primary" type="submit" busy={write.isPending}>
              Save description
            </Button>
          </span>
        </form>
      </Section>
    );
  return (
    <Section
      title="Description"
      actions={run.deletedAt === undefined && <Button onClick={() => setDraft(text)}>{text === '' ? 'Describe' : 'Edit'}</Button>}
    >
      {text === '' ? (
        <p className={styles['note']}>Nobody has described this run.</p>
      ) : (
        <Suspense fallback={<Skeleton lines={3} />}>
          <Markdown text={text} />
        </Suspense>
      )}
    </Section>
  );
}
