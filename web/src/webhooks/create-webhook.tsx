import { useState } from 'react';
import { shellWord } from '../pipelines/commands.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { TextField } from '../ui/text-field.tsx';
import { occurrences, useCreateWebhook } from './webhook-queries.ts';
import styles from './webhooks.module.css';

interface CreateWebhookProps {
  readonly project: string;
  readonly onClose: () => void;
  readonly onCreated: (id: string) => void;
}

const groups = ['Models', 'Prompts'] as const;

export function CreateWebhook({ project, onClose, onCreated }: CreateWebhookProps) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(['model_version.created']));
  const creation = useCreateWebhook(project);
  const chosen = occurrences.filter(({ event }) => events.has(event)).map(({ event }) => event);
  function toggle(event: string, on: boolean): void {
    const next = new Set(events);
    if (on) next.add(event);
    else next.delete(event);
    setEvents(next);
  }
  return (
    <ActionDialog
      title="New webhook"
      description="It is told of what happens from now on."
      verb="Create"
      command={commandOf({ project, name, url, events: chosen, signed: secret !== '' })}
      busy={creation.isPending}
      error={creation.error}
      disabled={name === '' || url === '' || chosen.length === 0}
      onClose={onClose}
      onConfirm={() =>
        creation.mutate({ name, url, events: chosen, ...(secret === '' ? {} : { secret }) }, { onSuccess: ({ id }) => onCreated(id) })
      }
    >
      <div className={styles['fields']}>
        <TextField label="Name" value={name} onChange={setName} required autoFocus autoComplete="off" maxLength={63} />
        <TextField
          label="Address"
          value={url}
          onChange={setUrl}
          required
          type="url"
          placeholder="https://ci.example.com/hooks/ripen"
          autoComplete="off"
        />
        <TextField
          label="Secret"
          value={secret}
          onChange={setSecret}
          type="password"
          autoComplete="new-password"
          help="Signs each delivery, so that the receiver knows who sent it. Kept encrypted and never shown again."
        />
      </div>
      {groups.map((group) => (
        <fieldset key={group} className={styles['events']}>
          <legend>{group}</legend>
          {occurrences
            .filter((each) => each.group === group)
            .map(({ event, label }) => (
              <Checkbox key={event} label={label} checked={events.has(event)} onChange={(on) => toggle(event, on)} />
            ))}
        </fieldset>
      ))}
    </ActionDialog>
  );
}

interface Wanted {
  readonly project: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly signed: boolean;
}

function commandOf({ project, name, url, events, signed }: Wanted): string {
  return [
    `ripen webhooks create ${shellWord(name || 'name')} ${shellWord(url || 'https://…')}`,
    ...events.map((event) => `--event ${event}`),
    ...(signed ? ['--secret-file secret.txt'] : []),
    `--project ${shellWord(project)}`,
  ].join(' ');
}
