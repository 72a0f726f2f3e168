import { Combobox as Base } from '@base-ui/react/combobox';
import { Check } from 'lucide-react';
import { useId } from 'react';
import { classNames } from './class-names.ts';
import fieldStyles from './field.module.css';
import styles from './popup.module.css';
import type { Choice } from './select.tsx';

interface ComboboxProps {
  readonly label: string;
  readonly choices: readonly Choice<string>[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly placeholder?: string;
}

/** One of many, found by typing. */
export function Combobox({ label, choices, value, onChange, placeholder }: ComboboxProps) {
  const id = useId();
  const selected = choices.find((choice) => choice.value === value) ?? null;
  return (
    <div className={fieldStyles['field']}>
      <label htmlFor={id} className={fieldStyles['label']}>
        {label}
      </label>
      <Base.Root items={choices} value={selected} onValueChange={(choice) => onChange(choice?.value)}>
        <Base.Input id={id} className={fieldStyles['input']} placeholder={placeholder} />
        <Base.Portal>
          <Base.Positioner sideOffset={4} collisionPadding={8} className={styles['layer']}>
            <Base.Popup className={classNames(styles['popup'], styles['menu'])}>
              <Base.Empty className={styles['empty']}>Nothing matches</Base.Empty>
              <Base.List>
                {(choice: Choice<string>) => (
                  <Base.Item key={choice.value} value={choice} className={styles['item']}>
                    <span className={styles['mark']}>
                      <Base.ItemIndicator>
                        <Check size={14} aria-hidden />
                      </Base.ItemIndicator>
                    </span>
                    {choice.label}
                  </Base.Item>
                )}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
