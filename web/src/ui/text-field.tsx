import { Search } from 'lucide-react';
import { type ComponentProps, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  /** Why what was typed is not right, and what would be. What was typed stays. */
  readonly error?: string | undefined;
}

export function TextField({ label, value, onChange, help, error, ...rest }: TextFieldProps) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={styles['label']}>
        {label}
      </label>
      <input
        id={id}
        className={styles['input']}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...rest}
      />
      {note !== undefined && (
        <span id={`${id}-note`} className={error === undefined ? styles['help'] : styles['error']}>
          {note}
        </span>
      )}
    </div>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Filters the list below it; the label is the placeholder. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className={classNames(styles['field'], styles['search'])}>
      <Search size={14} aria-hidden />
      <input
        type="search"
        className={styles['input']}
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
