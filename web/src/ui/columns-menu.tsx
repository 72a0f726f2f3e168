import { Popover } from '@base-ui/react/popover';
import type { RefObject } from 'react';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import styles from './popup.module.css';
import tableStyles from './table.module.css';

interface ColumnsMenuProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly columns: readonly {
    readonly id: string;
    readonly header: string;
    readonly visible: boolean;
    readonly onChange: (visible: boolean) => void;
  }[];
  readonly onClose: () => void;
}

/** Which columns a table shows. Read when it is first opened. */
export function ColumnsMenu({ anchor, columns, onClose }: ColumnsMenuProps) {
  return (
    <Popover.Root open onOpenChange={onClose}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" sideOffset={4} collisionPadding={8} className={styles['layer']}>
          <Popover.Popup aria-label="Columns" finalFocus={anchor} className={classNames(styles['popup'], styles['padded'])}>
            <div className={tableStyles['columns']}>
              {columns.map((column) => (
                <Checkbox key={column.id} label={column.header} checked={column.visible} onChange={column.onChange} />
              ))}
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
