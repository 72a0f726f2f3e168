import { Popover } from '@base-ui/react/popover';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import popup from '../../ui/popup.module.css';
import { SearchField } from '../../ui/text-field.tsx';
import styles from '../runs.module.css';
import type { ColumnCatalogue, GridColumn } from './grid-columns.tsx';
import { type ColumnChoice, moveColumn } from './table-state.ts';

interface ColumnsPanelProps {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly catalogue: ColumnCatalogue;
  readonly choices: readonly ColumnChoice[];
  readonly onChange: (choices: readonly ColumnChoice[] | undefined) => void;
  readonly onClose: () => void;
}

const kinds = [
  ['attribute', 'Facts'],
  ['metric', 'Metrics'],
  ['parameter', 'Parameters'],
  ['tag', 'Tags'],
] as const;
const mostShown = 200;

/** Which columns the table has, and in which order. Read when it is first opened. */
export function ColumnsPanel({ anchor, catalogue, choices, onChange, onClose }: ColumnsPanelProps) {
  const [text, setText] = useState('');
  const chosen = useMemo(() => new Set(choices.map(({ id }) => id)), [choices]);
  const wanted = text.trim().toLowerCase();
  const fits = ({ header, kind }: GridColumn) => header.toLowerCase().includes(wanted) || kind.startsWith(wanted);
  const others = [...catalogue.values()].filter((column) => !chosen.has(column.id) && fits(column));
  const show = (id: string, on: boolean) => onChange(on ? [...choices, { id }] : choices.filter((choice) => choice.id !== id));
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" sideOffset={4} collisionPadding={8} className={popup['layer']}>
          <Popover.Popup
            aria-label="Columns"
            finalFocus={anchor}
            className={classNames(popup['popup'], popup['padded'], styles['columnsPanel'])}
          >
            <SearchField label="Find a column" value={text} onChange={setText} />
            {wanted === '' && (
              <Group title={`Shown (${choices.length})`} action={<Button onClick={() => onChange(undefined)}>Reset</Button>}>
                {choices.map(({ id }, index) => (
                  <Chosen
                    key={id}
                    name={catalogue.get(id)?.header ?? id}
                    fixed={id === 'name'}
                    first={index === 0}
                    last={index === choices.length - 1}
                    onDrop={() => show(id, false)}
                    onMove={(by) => onChange(moveColumn(choices, id, index + by))}
                  />
                ))}
              </Group>
            )}
            {kinds.map(([kind, title]) => {
              const columns = others.filter((column) => column.kind === kind);
              if (columns.length === 0) return null;
              return (
                <Group key={kind} title={title}>
                  {columns.slice(0, mostShown).map((column) => (
                    <Checkbox key={column.id} label={column.header} checked={false} onChange={() => show(column.id, true)} />
                  ))}
                  {columns.length > mostShown && <p className={styles['note']}>{columns.length - mostShown} more; type to find them.</p>}
                </Group>
              );
            })}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Group({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  return (
    <fieldset className={styles['columnGroup']}>
      <legend>{title}</legend>
      {children}
      {action}
    </fieldset>
  );
}

interface ChosenProps {
  readonly name: string;
  readonly fixed: boolean;
  readonly first: boolean;
  readonly last: boolean;
  readonly onDrop: () => void;
  readonly onMove: (by: number) => void;
}

function Chosen({ name, fixed, first, last, onDrop, onMove }: ChosenProps) {
  function press(event: KeyboardEvent): void {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    onMove(by);
  }
  return (
    <div className={styles['chosenColumn']} onKeyDown={press}>
      {fixed ? <span>{name}</span> : <Checkbox label={name} checked onChange={onDrop} />}
      <IconButton
        label={`${name} further to the left`}
        icon={<ArrowUp size={13} aria-hidden />}
        disabled={first}
        onClick={() => onMove(-1)}
      />
      <IconButton
        label={`${name} further to the right`}
        icon={<ArrowDown size={13} aria-hidden />}
        disabled={last}
        onClick={() => onMove(1)}
      />
    </div>
  );
}
