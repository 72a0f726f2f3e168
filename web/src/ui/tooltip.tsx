import { cloneElement, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react';
import styles from './popup.module.css';
import { placeTip } from './tip-place.ts';

interface TipProps {
  readonly text: string;
  /** One element; it passes unknown attributes on. */
  readonly children: ReactElement<{ 'data-tip'?: string }>;
}

/**
 * A short hint on hover or focus. Never the only place of an information: touch screens do not show it.
 * It only marks its child; one layer draws all tips, so that a table with a thousand of them costs nothing.
 */
export function Tip({ text, children }: TipProps) {
  return cloneElement(children, { 'data-tip': text });
}

const id = 'tip';
const hoverMs = 350;

/** Draws the tip of the element under the pointer or with the focus. Once on a page. */
export function TipLayer() {
  const [target, setTarget] = useState<Element>();
  const box = useRef<HTMLDivElement>(null);
  const text = target?.getAttribute('data-tip') ?? undefined;
  useEffect(() => watchTips(setTarget), []);
  useLayoutEffect(() => {
    const tip = box.current;
    if (target === undefined || tip === null) return undefined;
    const place = placeTip(target.getBoundingClientRect(), tip.getBoundingClientRect(), { width: innerWidth, height: innerHeight });
    tip.style.left = `${place.left}px`;
    tip.style.top = `${place.top}px`;
    // An accessible name that already says the same is not repeated.
    if (target.getAttribute('aria-label') === text) return undefined;
    target.setAttribute('aria-describedby', id);
    return () => target.removeAttribute('aria-describedby');
  }, [target, text]);
  if (text === undefined) return null;
  return (
    <div ref={box} id={id} role="tooltip" className={styles['tip']}>
      {text}
    </div>
  );
}

/** Calls back with the element whose tip is due, and with undefined when none is; returns the way out. */
function watchTips(show: (target: Element | undefined) => void): () => void {
  const away = new AbortController();
  const options = { signal: away.signal, capture: true, passive: true };
  let timer: number | undefined;
  let current: Element | undefined;

  function become(next: Element | undefined, delayMs: number): void {
    if (next === current) return;
    window.clearTimeout(timer);
    // Moving from one tip to its neighbour shows it at once.
    const wasShown = current !== undefined;
    current = next;
    if (next === undefined || wasShown) show(next);
    else timer = window.setTimeout(() => next.isConnected && show(next), delayMs);
  }
  const tipOf = (event: Event) => (event.target instanceof Element ? (event.target.closest('[data-tip]') ?? undefined) : undefined);

  document.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && become(tipOf(event), hoverMs), options);
  document.addEventListener(
    'focusin',
    (event) => become(event.target instanceof Element && event.target.matches(':focus-visible') ? tipOf(event) : undefined, 0),
    options,
  );
  document.addEventListener('focusout', () => become(undefined, 0), options);
  document.addEventListener('pointerdown', () => become(undefined, 0), options);
  document.addEventListener('scroll', () => become(undefined, 0), options);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && become(undefined, 0), options);
  return () => {
    away.abort();
    window.clearTimeout(timer);
  };
}
