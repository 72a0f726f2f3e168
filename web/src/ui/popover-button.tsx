import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

interface PopoverButtonProps {
  readonly trigger: ReactElement<{
    onClick?: () => void;
    onPointerEnter?: () => void;
    onFocus?: () => void;
    'aria-haspopup'?: 'dialog';
    'aria-expanded'?: boolean;
  }>;
  readonly label: string;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
}

const readPopover = () => import('./popover.tsx');
const PopoverSurface = lazy(() => readPopover().then((module) => ({ default: module.PopoverSurface })));

/** A popover whose code is read when a pointer or the focus comes near; it then opens at once. */
export function PopoverButton({ trigger, ...rest }: PopoverButtonProps) {
  const [used, setUsed] = useState(false);
  const closed = cloneElement(trigger, {
    onClick: () => setUsed(true),
    onPointerEnter: () => void readPopover(),
    onFocus: () => void readPopover(),
    'aria-haspopup': 'dialog',
    'aria-expanded': false,
  });
  if (!used) return closed;
  return (
    <Suspense fallback={closed}>
      <PopoverSurface trigger={trigger} defaultOpen {...rest} />
    </Suspense>
  );
}
