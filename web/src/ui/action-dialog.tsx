import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from './button.tsx';
import { CommandLine } from './command-line.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorState } from './error-state.tsx';
import styles from './action-dialog.module.css';

interface ActionDialogProps {
  readonly title: string;
  /** What will happen, and what it takes to undo it. */
  readonly description: ReactNode;
  /** The verb on the button that does it. */
  readonly verb: string;
  readonly danger?: boolean;
  /** The same from the command line. */
  readonly command: string;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Fields; Enter in one of them confirms. */
  readonly children?: ReactNode;
}

/** Asks before something is done. Stays open with what was typed when the server refuses. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, description, verb, danger = false, command, busy, error, disabled = false, onConfirm, onClose, children } = props;
  const id = useId();
  function confirm(event: FormEvent): void {
    event.preventDefault();
    if (!busy && !disabled) onConfirm();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button look={danger ? 'danger' : 'primary'} type="submit" form={id} busy={busy} disabled={disabled}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={id} className={styles['form']} onSubmit={confirm}>
        {children}
        <CommandLine command={command} />
        {error !== null && <ErrorState error={error} />}
      </form>
    </Dialog>
  );
}
