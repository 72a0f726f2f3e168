import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { VisuallyHidden } from './visually-hidden.tsx';
import styles from './link.module.css';

function Anchor({ className, ...rest }: ComponentProps<'a'>) {
  return <a className={classNames(styles['link'], className)} {...rest} />;
}

/** To another page of Ripen, typed by its routes; loads the page's code on hover. */
export const Link = createLink(Anchor);

/** To a place outside; says so, and does not hand over this window. */
export function ExternalLink({ className, children, ...rest }: ComponentProps<'a'>) {
  return (
    <a className={classNames(styles['link'], className)} target="_blank" rel="noreferrer" {...rest}>
      {children}
      <VisuallyHidden> (opens outside)</VisuallyHidden>
    </a>
  );
}
