import { useEffect, useRef } from 'react';
import { type KeyMeaning, meaningOf } from './key-sequence.ts';

const sequenceMs = 1_200;

/** Listens for the keys of the frame on the whole page. */
export function useShortcuts(act: (meaning: Exclude<KeyMeaning, { kind: 'prefix' }>) => void): void {
  const current = useRef(act);
  useEffect(() => {
    current.current = act;
  }, [act]);
  useEffect(() => {
    let prefixAt = 0;
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.altKey) return;
      const command = event.metaKey || event.ctrlKey;
      const meaning = meaningOf({ key: event.key, command, inField: isTaken(event.target) }, event.timeStamp - prefixAt < sequenceMs);
      prefixAt = meaning?.kind === 'prefix' ? event.timeStamp : 0;
      if (meaning === undefined || meaning.kind === 'prefix') return;
      event.preventDefault();
      current.current(meaning);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** Whether keys mean something else where they were pressed: text in a field, a choice in something that floats. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest(
      'input:not([type="checkbox"]), textarea, select, [role="combobox"], [role="dialog"], [role="menu"], [role="listbox"]',
    ) !== null
  );
}
