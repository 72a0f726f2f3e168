import type { AssessmentWire, TraceWire } from '#tracking/traces/wire.ts';
import { useState } from 'react';
import { pathOf, post, remove } from '../api/client.ts';
import { useAction } from '../api/queries.ts';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { notify } from '../ui/toast-notes.ts';
import { assessCommand, valueOf } from './assess-command.ts';

interface AssessProps {
  readonly trace: TraceWire;
  readonly span: string | undefined;
  readonly onClose: () => void;
}

const kinds = [
  { value: 'feedback', label: 'Feedback' },
  { value: 'expectation', label: 'What was expected' },
] as const;

/** Feedback on a trace or on the span that is open, or the answer that it should have given. */
export function AssessTrace({ trace, span, onClose }: AssessProps) {
  const [kind, setKind] = useState<'feedback' | 'expectation'>('feedback');
  const [name, setName] = useState('correct');
  const [value, setValue] = useState('true');
  const [reason, setReason] = useState('');
  const given = { name: name.trim(), kind, value: valueOf(value), span, rationale: reason.trim() || undefined };
  const assess = useAction(
    () => post<AssessmentWire>(pathOf`/projects/${trace.project}/traces/${trace.id}/assessments`, given),
    ['traces'],
  );
  return (
    <ActionDialog
      title={span === undefined ? 'Assess the trace' : 'Assess the span'}
      description="It is kept in your name. Others see it, and evaluations can compare with it."
      verb="Keep assessment"
      command={assessCommand(trace, given)}
      busy={assess.isPending}
      error={assess.error}
      disabled={given.name === '' || value.trim() === ''}
      onConfirm={() => assess.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Select label="Kind" choices={kinds} value={kind} onChange={setKind} />
      <TextField label="Name" value={name} onChange={setName} maxLength={250} autoFocus />
      <TextField label="Value" value={value} onChange={setValue} help="true, false, a number, JSON, or any text" />
      <TextField label="Reason" value={reason} onChange={setReason} />
    </ActionDialog>
  );
}

interface DeleteProps {
  readonly trace: TraceWire;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function DeleteTrace({ trace, onDone, onClose }: DeleteProps) {
  const act = useAction(() => remove(pathOf`/projects/${trace.project}/traces/${trace.id}`), ['traces']);
  return (
    <ActionDialog
      title="Delete the trace"
      description="Its spans, assessments and files go with it. It cannot be brought back."
      verb="Delete trace"
      danger
      command={`ripen traces delete ${trace.id} --project ${trace.project}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(undefined, {
          onSuccess: () => {
            notify('ok', 'Trace deleted');
            onDone();
          },
        })
      }
      onClose={onClose}
    />
  );
}
