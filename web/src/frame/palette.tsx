import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import dialogStyles from '../ui/dialog.module.css';
import { type PaletteItem, useAllPaletteItems } from './palette-items.ts';
import styles from './palette.module.css';

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Shows one group alone. */
  readonly only?: PaletteItem['group'] | undefined;
}

const groups = ['Actions', 'Go to', 'Objects', 'Projects'] as const;

/** Everything that can be reached or done, by typing; with the command that does the same in a terminal. */
export function Palette({ open, onOpenChange, only }: PaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogStyles['backdrop']} />
        <Dialog.Viewport className={dialogStyles['viewport']}>
          <Dialog.Popup className={styles['palette']} aria-label="Command palette">
            <PaletteList only={only} onDone={() => onOpenChange(false)} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteList({ only, onDone }: { readonly only: PaletteItem['group'] | undefined; readonly onDone: () => void }) {
  const all = useAllPaletteItems();
  const [highlighted, setHighlighted] = useState<PaletteItem>();
  const items = useMemo(
    () =>
      groups
        .filter((value) => only === undefined || value === only)
        .map((value) => ({ value, items: all.filter((item) => item.group === value) }))
        .filter((group) => group.items.length > 0),
    [all, only],
  );
  return (
    <Autocomplete.Root
      open
      inline
      items={items}
      autoHighlight="always"
      keepHighlight
      itemToStringValue={(item: PaletteItem) => `${item.label} ${item.words ?? ''} ${item.command ?? ''}`}
      onItemHighlighted={setHighlighted}
    >
      <div className={styles['search']}>
        <Search size={16} aria-hidden />
        <Autocomplete.Input
          className={styles['input']}
          placeholder={only === 'Projects' ? 'Switch to a project' : 'Go to a room, an object, or do something'}
          aria-label="Search rooms, objects and actions"
        />
      </div>
      <div className={styles['scroller']}>
        <Autocomplete.Empty className={styles['empty']}>
          Nothing matches. Try the name of a room, a dataset, a model or a verb.
        </Autocomplete.Empty>
        <Autocomplete.List>
          {(group: (typeof items)[number]) => (
            <Autocomplete.Group key={group.value} items={group.items} className={styles['group']}>
              <Autocomplete.GroupLabel className={styles['label']}>{group.value}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(item: PaletteItem) => (
                  <Autocomplete.Item
                    key={item.id}
                    value={item}
                    className={styles['item']}
                    onClick={() => {
                      onDone();
                      item.onSelect();
                    }}
                  >
                    <span>{item.label}</span>
                    {item.keys !== undefined && <kbd className={styles['keys']}>{item.keys}</kbd>}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </div>
      <footer className={styles['footer']}>
        {highlighted?.command === undefined ? (
          <span>Enter to open, Escape to close</span>
        ) : (
          <>
            <code>{highlighted.command}</code>
            <CopyButton text={highlighted.command} label="Copy command" />
          </>
        )}
      </footer>
    </Autocomplete.Root>
  );
}
