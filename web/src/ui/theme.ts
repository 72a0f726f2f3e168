/** `system` follows the device. `public/theme.js` reads the same key before the first paint. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'ripen.theme';

export function readTheme(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function writeTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // Storage may be forbidden; the choice then holds until the page is closed.
  }
  document.dispatchEvent(new Event('ripen:theme'));
}

/** Calls back when the colours of the page changed, by choice or by the device. For canvases, which cannot follow style sheets. */
export function onSchemeChange(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  document.addEventListener('ripen:theme', listener);
  return () => {
    query.removeEventListener('change', listener);
    document.removeEventListener('ripen:theme', listener);
  };
}
