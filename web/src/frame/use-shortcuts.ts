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
      const meaning = meaningOf({ key: event.key, command, inField: isField(event.target) }, event.timeStamp - prefixAt < sequenceMs);
      prefixAt = meaning?.kind === 'prefix' ? event.timeStamp : 0;
      if (meaning === undefined || meaning.kind === 'prefix') return;
      event.preventDefault();
      current.current(meaning);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [role="combobox"]') !== null)
  );
}
