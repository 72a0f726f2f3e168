import { useCallback, useEffect, useState } from 'react';

/** Copies text; `copied` holds for a moment after, so that the button can say so. */
export function useCopy(): { readonly copied: boolean; readonly copy: (text: string) => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback((text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => copyBySelection(text, () => setCopied(true)),
    );
  }, []);
  return { copied, copy };
}

// The clipboard interface exists only on localhost and https; a laptop in the same network may use plain http.
function copyBySelection(text: string, done: () => void): void {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  if (document.execCommand('copy')) done();
  area.remove();
}
