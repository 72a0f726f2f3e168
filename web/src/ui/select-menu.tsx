import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import buttonStyles from './button.module.css';
import { classNames } from './class-names.ts';
import fieldStyles from './field.module.css';
import styles from './popup.module.css';
import type { Choice } from './select.tsx';

interface SelectMenuProps<Value extends string> {
  readonly label: string | undefined;
  /** Element that names it, where the label is drawn. */
  readonly labelledBy: string | undefined;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly disabled: boolean;
}

/** The list of a `Select`. It is read when a select is first used, and then opens at once. */
export function SelectMenu<Value extends string>({ label, labelledBy, choices, value, onChange, disabled }: SelectMenuProps<Value>) {
  return (
    <Base.Root items={choices} value={value} defaultOpen disabled={disabled} onValueChange={(next) => next !== null && onChange(next)}>
      <Base.Trigger className={classNames(buttonStyles['button'], fieldStyles['select'])} aria-label={label} aria-labelledby={labelledBy}>
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
  );
}
