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
  return (
    <label className={styles['check']}>
      <input
        ref={(input) => {
          if (input !== null) input.indeterminate = checked === 'mixed';
        }}
        type="checkbox"
        className={styles['box']}
        checked={checked === true}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
        aria-label={labelHidden ? label : undefined}
      />
      {!labelHidden && label}
    </label>
  );
}
