import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { shellWord } from '../pipelines/commands.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { type ModelOrVersion, useDelete } from './model-queries.ts';

/** Puts a model or a version into the recycle bin, after asking. */
export function DeleteButton({ of }: { readonly of: ModelOrVersion }) {
  const { project, model, version } = of;
  const [asks, setAsks] = useState(false);
  const deletion = useDelete(of);
  const navigate = useNavigate();
  const what = version === undefined ? model : `${model} ${version}`;
  function done(): void {
    if (version === undefined) void navigate({ to: '/$project/models', params: { project } });
    else void navigate({ to: '/$project/models/$model', params: { project, model } });
  }
  return (
    <>
      <Button onClick={() => setAsks(true)}>Delete</Button>
      {asks && (
        <ActionDialog
          title={`Delete ${what}`}
          description={
            version === undefined
              ? 'The model goes into the recycle bin with all its versions, and its name is free. It can be restored from the page of models.'
              : 'The version goes into the recycle bin and loses its aliases. It can be restored from the page of models; its number is not used again.'
          }
          verb="Delete"
          danger
          command={`ripen models delete ${shellWord(model)}${version === undefined ? '' : ` ${version}`} --project ${shellWord(project)}`}
          busy={deletion.isPending}
          error={deletion.error}
          onClose={() => setAsks(false)}
          onConfirm={() => deletion.mutate(undefined, { onSuccess: done })}
        />
      )}
    </>
  );
}
