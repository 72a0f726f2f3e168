import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './popup.module.css';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

interface MenuProps {
  readonly trigger: ReactElement;
  /** Groups of items; a line stands between groups. */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly align?: 'start' | 'end';
  readonly defaultOpen?: boolean;
}

export function Menu({ trigger, groups, align = 'start', defaultOpen = false }: MenuProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className={styles['layer']}>
          <Base.Popup className={classNames(styles['popup'], styles['menu'])}>
            {groups.map((items, index) => (
              <Base.Group key={items[0]?.id ?? index}>
                {index > 0 && <Base.Separator className={styles['separator']} />}
                {items.map((item) => (
                  <Base.Item
                    key={item.id}
                    className={classNames(styles['item'], item.danger === true && styles['danger'])}
                    disabled={item.disabled ?? false}
                    onClick={item.onSelect}
                  >
                    {item.icon}
                    {item.label}
                    {item.keys !== undefined && <kbd className={styles['keys']}>{item.keys}</kbd>}
                  </Base.Item>
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
