import type { PipelineWire } from '#pipelines/wire.ts';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { TextField } from '../ui/text-field.tsx';
import { runCommand } from './commands.ts';
import { changedParameters, type Parameters, readValue, valueText } from './parameter-values.ts';
import styles from './pipelines.module.css';
import { useStartRun } from './pipelines-api.ts';

interface StartRunDialogProps {
  readonly project: string;
  readonly pipeline: PipelineWire;
  /** Values to begin with, for example those of an earlier run. */
  readonly values?: Parameters;
  readonly onClose: () => void;
}

/** Starts a pipeline with other parameters than the defaults, if wanted. */
export function StartRunDialog({ project, pipeline, values, onClose }: StartRunDialogProps) {
  const navigate = useNavigate();
  const start = useStartRun(project, pipeline.name);
  const [fresh, setFresh] = useState(false);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() => {
    const all = Object.entries({ ...pipeline.parameters, ...values });
    return Object.fromEntries(all.map(([name, value]) => [name, valueText(value)]));
  });
  const read = Object.entries(typed).map(([name, text]) => [name, readValue(text, pipeline.parameters[name])] as const);
  const given = Object.fromEntries(read.flatMap(([name, result]) => ('value' in result ? [[name, result.value]] : [])));
  const parameters = changedParameters(given, pipeline.parameters);
  return (
    <ActionDialog
      title={`Run ${pipeline.name}`}
      description="The run uses ripen.yaml, the code and the data as they are now. Steps whose inputs did not change are reused."
      verb="Start run"
      command={runCommand(project, pipeline.name, parameters, fresh)}
      busy={start.isPending}
      error={start.error}
      disabled={read.some(([, result]) => 'problem' in result)}
      onClose={onClose}
      onConfirm={() =>
        start.mutate(
          { parameters, fresh },
          { onSuccess: ({ id }) => void navigate({ to: '/$project/pipelines/$pipelineRun', params: { project, pipelineRun: id } }) },
        )
      }
    >
      <div className={styles['fields']}>
        {read.map(([name, result]) => (
          <TextField
            key={name}
            label={name}
            value={typed[name] ?? ''}
            onChange={(text) => setTyped({ ...typed, [name]: text })}
            error={'problem' in result ? result.problem : undefined}
            {...(name in parameters ? { help: `default ${valueText(pipeline.parameters[name])}` } : {})}
          />
        ))}
      </div>
      <Checkbox label="Run every step, reuse nothing" checked={fresh} onChange={setFresh} />
    </ActionDialog>
  );
}
