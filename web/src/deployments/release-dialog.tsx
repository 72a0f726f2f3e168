import type { ModelVersionWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { pathOf } from '../api/client.ts';
import type { Page } from '../api/pages.ts';
import { apiQuery } from '../api/queries.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { releaseCommand } from './commands.ts';
import { useRelease } from './deployments-api.ts';

interface ReleaseDialogProps {
  readonly project: string;
  readonly deployment: string;
  readonly model: string;
  readonly onClose: () => void;
}

const versionsQuery = (project: string, model: string) =>
  apiQuery<Page<ModelVersionWire>>('models', pathOf`/projects/${project}/models/${model}/versions`, { limit: 100 });

/** Sends a model version on its way to production. */
export function ReleaseDialog({ project, deployment, model, onClose }: ReleaseDialogProps) {
  const navigate = useNavigate();
  const release = useRelease(project);
  const versions = useQuery(versionsQuery(project, model)).data?.items.toSorted((a, b) => b.version - a.version) ?? [];
  const [chosen, setChosen] = useState<string>();
  const [reason, setReason] = useState('');
  const version = chosen ?? String(versions[0]?.version ?? '');
  return (
    <ActionDialog
      title={`Release to ${deployment}`}
      description="The version is checked by the gates, goes to staging, answers a smoke test, and gets production’s traffic step by step. It stops by itself at the first thing that is not right."
      verb="Release"
      command={releaseCommand(project, deployment, version, reason)}
      busy={release.isPending}
      error={release.error}
      disabled={version === '' || reason.trim() === ''}
      onClose={onClose}
      onConfirm={() =>
        release.mutate(
          { deployment, version: Number(version), reason: reason.trim() },
          { onSuccess: ({ id }) => void navigate({ to: '/$project/releases/$release', params: { project, release: id } }) },
        )
      }
    >
      {versions.length === 0 ? (
        <p>No version of {model} is registered yet. A training pipeline registers one.</p>
      ) : (
        <Select
          label={`Version of ${model}`}
          choices={versions.map((each) => ({
            value: String(each.version),
            label: `${each.version}${each.aliases.length > 0 ? ` (${each.aliases.join(', ')})` : ''}`,
          }))}
          value={version}
          onChange={setChosen}
        />
      )}
      <TextField label="Reason" value={reason} onChange={setReason} help="Goes into the event log." required />
    </ActionDialog>
  );
}
