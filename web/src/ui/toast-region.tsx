import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from './button.tsx';
import { type State, StateMark } from './state-mark.tsx';
import { drawNotes } from './toast-notes.ts';
import styles from './toast.module.css';

const manager = Toast.createToastManager<{ readonly state: State }>();

export function ToastRegion() {
  useEffect(
    () =>
      drawNotes(({ state, title, description }) => {
        // A failure stays until it was read.
        const failed = state === 'failed';
        manager.add({ title, description, data: { state }, timeout: failed ? 0 : 5_000 });
      }),
    [],
  );
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']}>
          <Notes />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Notes() {
  const { toasts } = Toast.useToastManager<{ readonly state: State }>();
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
