import { Dialog } from '../ui/dialog.tsx';
import styles from './frame.module.css';
import { useKeysOfPage } from './page-keys.ts';
import { rooms } from './rooms.ts';

interface ShortcutsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const general: readonly (readonly [keys: string, meaning: string])[] = [
  ['Ctrl K', 'Command palette'],
  ['/', 'Search'],
  ['?', 'This list'],
  ['j k', 'Next and previous row of a list'],
  ['Enter', 'Open the row'],
  ['Space', 'Pick the row'],
  ['Esc', 'Close what is open'],
];

export function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
  const page = useKeysOfPage();
  const all = [...rooms.map((room) => [`g ${room.key}`, `Go to ${room.title}`] as const), ...general];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys">
      {page !== undefined && (
        <>
          <h3>{page.title}</h3>
          <KeyList keys={page.keys} />
          <h3>Everywhere</h3>
        </>
      )}
      <KeyList keys={all} />
    </Dialog>
  );
}

function KeyList({ keys: all }: { readonly keys: readonly (readonly [keys: string, meaning: string])[] }) {
  return (
    <dl className={styles['keys']}>
      {all.map(([keys, meaning]) => (
        <div key={keys} className={styles['keyRow']}>
          <dt>{meaning}</dt>
          <dd>
            {keys.split(' ').map((key) => (
              <kbd key={key} className={styles['key']}>
                {key}
              </kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
