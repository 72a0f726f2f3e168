import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';
import buttonStyles from './button.module.css';
import { classNames } from './class-names.ts';
import fieldStyles from './field.module.css';
import styles from './popup.module.css';

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

/** One of a short, known list. For long lists use `Combobox`. */
export function Select<Value extends string>({
  label,
  labelHidden = false,
  choices,
  value,
  onChange,
  disabled = false,
}: SelectProps<Value>) {
  const id = useId();
  return (
    <div className={fieldStyles['field']}>
      {!labelHidden && (
        <span id={id} className={fieldStyles['label']}>
          {label}
        </span>
      )}
      <Base.Root items={choices} value={value} disabled={disabled} onValueChange={(next) => next !== null && onChange(next)}>
        <Base.Trigger
          className={classNames(buttonStyles['button'], fieldStyles['select'])}
          aria-label={labelHidden ? label : undefined}
          aria-labelledby={labelHidden ? undefined : id}
        >
          <Base.Value />
          <Base.Icon>
            <ChevronsUpDown size={13} aria-hidden />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} collisionPadding={8} alignItemWithTrigger={false} className={styles['layer']}>
            <Base.Popup className={classNames(styles['popup'], styles['menu'])}>
              <Base.List>
                {choices.map((choice) => (
                  <Base.Item key={choice.value} value={choice.value} className={styles['item']}>
                    <span className={styles['mark']}>
                      <Base.ItemIndicator>
                        <Check size={14} aria-hidden />
                      </Base.ItemIndicator>
                    </span>
                    <Base.ItemText>{choice.label}</Base.ItemText>
                  </Base.Item>
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
