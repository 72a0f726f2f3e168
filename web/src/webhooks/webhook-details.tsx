import type { ListedWebhookWire } from '#registry/wire.ts';
import { useState } from 'react';
import { shellWord } from '../pipelines/commands.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { Deliveries } from './deliveries.tsx';
import { useDeleteWebhook, useEditWebhook, useTestWebhook } from './webhook-queries.ts';
import styles from './webhooks.module.css';

interface WebhookDetailsProps {
  readonly project: string;
  readonly webhook: ListedWebhookWire;
  readonly onDeleted: () => void;
}

/** One webhook: what it is told, what was sent, and what came back. */
export function WebhookDetails({ project, webhook, onDeleted }: WebhookDetailsProps) {
  const of = { project, webhook: webhook.id };
  const edit = useEditWebhook(of);
  const trial = useTestWebhook(of);
  const [deletes, setDeletes] = useState(false);
  const isOff = webhook.status === 'disabled';
  return (
    <div className={styles['details']}>
      <KeyValues items={factsOf(webhook)} />
      <div className={styles['actions']}>
        <Button busy={trial.isPending} onClick={() => trial.mutate(undefined)}>
          Send a test
        </Button>
        <Button busy={edit.isPending} onClick={() => edit.mutate({ status: isOff ? 'active' : 'disabled' })}>
          {isOff ? 'Turn on' : 'Turn off'}
        </Button>
        <Button look="danger" onClick={() => setDeletes(true)}>
          Delete
        </Button>
      </div>
      {trial.data !== undefined && (
        <p>
          <StateMark
            state={trial.data.success ? 'ok' : 'failed'}
            word={
              trial.data.success
                ? `The test was answered with ${String(trial.data.status)}`
                : `The test failed: ${trial.data.problem ?? 'no reason given'}`
            }
          />
        </p>
      )}
      {trial.isError && <ErrorState error={trial.error} title="The test could not be sent" />}
      {edit.isError && <ErrorState error={edit.error} title="The webhook could not be changed" />}
      <Deliveries of={of} />
      {deletes && <DeleteDialog project={project} webhook={webhook} onClose={() => setDeletes(false)} onDeleted={onDeleted} />}
    </div>
  );
}

function factsOf({ url, events, signed, description, createdAt }: ListedWebhookWire) {
  return [
    { key: 'Address', value: <code className={styles['url']}>{url}</code> },
    {
      key: 'Told of',
      value: (
        <span className={styles['marks']}>
          {events.map((event) => (
            <Badge key={event}>{event}</Badge>
          ))}
        </span>
      ),
    },
    { key: 'Signed', value: signed ? 'with its secret' : 'no: it has no secret' },
    ...(description === undefined ? [] : [{ key: 'What for', value: description }]),
    { key: 'Made', value: <RelativeTime time={createdAt} /> },
  ];
}

function DeleteDialog({ project, webhook, onClose, onDeleted }: WebhookDetailsProps & { readonly onClose: () => void }) {
  const deletion = useDeleteWebhook({ project, webhook: webhook.id });
  const waiting = webhook.deliveries.pending;
  return (
    <ActionDialog
      title={`Delete ${webhook.name}`}
      description={`The webhook goes with its log of deliveries${waiting === 0 ? '' : `, and the ${waiting} that wait are not sent`}. This cannot be undone.`}
      verb="Delete"
      danger
      command={`ripen webhooks delete ${webhook.id} --project ${shellWord(project)}`}
      busy={deletion.isPending}
      error={deletion.error}
      onClose={onClose}
      onConfirm={() => deletion.mutate(undefined, { onSuccess: onDeleted })}
    />
  );
}
