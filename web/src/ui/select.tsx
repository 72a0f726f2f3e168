import { ChevronsUpDown } from 'lucide-react';
import { lazy, Suspense, useId, useState } from 'react';
import buttonStyles from './button.module.css';
import { classNames } from './class-names.ts';
import fieldStyles from './field.module.css';
import type { SelectMenu } from './select-menu.tsx';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface SelectProps<Value extends string> {
  readonly label: string;
  /** The label is read out but not drawn, for toolbars. */
  readonly labelHidden?: boolean;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}

const readMenu = () => import('./select-menu.tsx');
const LazyMenu = lazy(() => readMenu().then((module) => ({ default: module.SelectMenu })));
// `lazy` loses the type parameter; the component keeps it.
const Menu = LazyMenu as unknown as typeof SelectMenu;

/** One of a short, known list. For long lists use `Combobox`. The code of the list is read when a pointer or the focus comes near. */
export function Select<Value extends string>({
  label,
  labelHidden = false,
  choices,
  value,
  onChange,
  disabled = false,
}: SelectProps<Value>) {
  const id = useId();
  const [used, setUsed] = useState(false);
  const names = { 'aria-label': labelHidden ? label : undefined, 'aria-labelledby': labelHidden ? undefined : id };
  const closed = (
    <button
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      className={classNames(buttonStyles['button'], fieldStyles['select'])}
      disabled={disabled}
      onPointerEnter={() => void readMenu()}
      onFocus={() => void readMenu()}
      onClick={() => setUsed(true)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        setUsed(true);
      }}
      {...names}
    >
      <span>{choices.find((choice) => choice.value === value)?.label ?? value}</span>
      <ChevronsUpDown size={13} aria-hidden />
    </button>
  );
  return (
    <div className={fieldStyles['field']}>
      {!labelHidden && (
        <span id={id} className={fieldStyles['label']}>
          {label}
        </span>
      )}
      {used ? (
        <Suspense fallback={closed}>
          <Menu
            label={labelHidden ? label : undefined}
            labelledBy={labelHidden ? undefined : id}
            choices={choices}
            value={value}
            onChange={onChange}
            disabled={disabled}
          />
        </Suspense>
      ) : (
        closed
      )}
    </div>
  );
}
