import { Popover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './popup.module.css';

interface PopoverProps {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly defaultOpen?: boolean;
}

/** A small surface beside its trigger, for settings and details that need no page of their own. */
export function PopoverSurface({ trigger, label, children, align = 'start', defaultOpen = false }: PopoverProps) {
  return (
    <Popover.Root defaultOpen={defaultOpen}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner align={align} sideOffset={4} collisionPadding={8} className={styles['layer']}>
          <Popover.Popup aria-label={label} className={classNames(styles['popup'], styles['padded'])}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
