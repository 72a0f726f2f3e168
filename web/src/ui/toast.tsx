import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { type State, StateMark } from './state-mark.tsx';
import styles from './toast.module.css';

interface Note {
  readonly state: State;
}

const manager = Toast.createToastManager<Note>();

/** Tells that something finished, at the edge of the page. What needs a decision is a `Dialog`; what failed on a form stays on the form. */
export function notify(state: State, title: string, description?: string): void {
  manager.add({
    title,
    description,
    data: { state },
    priority: state === 'failed' ? 'high' : 'low',
    timeout: state === 'failed' ? 0 : 5_000,
  });
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']}>
          <Notes />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Notes() {
  const { toasts } = Toast.useToastManager<Note>();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles['toast']}>
      <Toast.Content className={styles['content']}>
        <StateMark state={toast.data?.state ?? 'unknown'} word={toast.data?.state ?? 'unknown'} wordHidden />
        <div className={styles['words']}>
          <Toast.Title className={styles['title']} />
          <Toast.Description className={styles['description']} />
        </div>
        <Toast.Close render={<IconButton label="Dismiss" icon={<X size={14} aria-hidden />} />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
