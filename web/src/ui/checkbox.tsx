import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import styles from './field.module.css';

interface CheckboxProps {
  readonly label: string;
  readonly labelHidden?: boolean;
  /** `mixed`: some of the things that it stands for. */
  readonly checked: boolean | 'mixed';
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Checkbox({ label, labelHidden = false, checked, onChange, disabled = false }: CheckboxProps) {
  const mixed = checked === 'mixed';
  return (
    <label className={styles['check']}>
      <Base.Root
        className={styles['box']}
        checked={checked === true}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-label={labelHidden ? label : undefined}
      >
        <Base.Indicator>
          {mixed ? <Minus size={12} strokeWidth={3} aria-hidden /> : <Check size={12} strokeWidth={3} aria-hidden />}
        </Base.Indicator>
      </Base.Root>
      {!labelHidden && label}
    </label>
  );
}
