import { useEffect } from 'react';

/** The slash means the filter on this page, before it means the search of everything. */
export function useSlash(filter: { readonly current: { focus: () => void } | null }): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const taken =
        event.target instanceof Element &&
        event.target.closest('input:not([type="checkbox"]), textarea, [role="dialog"], [role="menu"], [role="listbox"]') !== null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || taken) return;
      event.preventDefault();
      filter.current?.focus();
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [filter]);
}
