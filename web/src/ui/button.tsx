import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Tip } from './tooltip.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one main action of a page. `plain`: no frame, for toolbars. `danger`: takes something away. */
  readonly look?: 'primary' | 'default' | 'plain' | 'danger';
  readonly icon?: ReactNode;
  /** While an action runs: the button keeps its place and cannot be pressed again. */
  readonly busy?: boolean;
}

/** A verb that does something. Places to go to are `Link`s. */
export function Button({ look = 'default', icon, busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(styles['button'], styles[look], busy && styles['busy'], className)}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** What it does: accessible name and tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly pressed?: boolean;
}

export function IconButton({ label, icon, pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={classNames(styles['button'], styles['plain'], styles['square'], className)}
        {...rest}
      >
        {icon}
      </button>
    </Tip>
  );
}
