import { cloneElement, lazy, type ReactElement, Suspense, useState } from 'react';
import type { MenuItem } from './menu.tsx';

interface MenuButtonProps {
  readonly trigger: ReactElement<TriggerProps>;
  readonly groups: readonly (readonly MenuItem[])[];
  readonly align?: 'start' | 'end';
}

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
}

const readMenu = () => import('./menu.tsx');
const Menu = lazy(() => readMenu().then((module) => ({ default: module.Menu })));

/** A menu whose code is read when a pointer or the focus comes near; it then opens at once. */
export function MenuButton({ trigger, groups, align = 'start' }: MenuButtonProps) {
  const [used, setUsed] = useState(false);
  const closed = cloneElement(trigger, {
    onClick: () => setUsed(true),
    onPointerEnter: () => void readMenu(),
    onFocus: () => void readMenu(),
    'aria-haspopup': 'menu',
    'aria-expanded': false,
  });
  if (!used) return closed;
  return (
    <Suspense fallback={closed}>
      <Menu trigger={trigger} groups={groups} align={align} defaultOpen />
    </Suspense>
  );
}
