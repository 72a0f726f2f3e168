import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button.tsx';
import { readTheme, type Theme, writeTheme } from './theme.ts';

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeSwitch() {
  const [theme, setTheme] = useState(readTheme);
  const Icon = icons[theme];
  return (
    <IconButton
      label={`Colours: ${theme}. Change to ${next[theme]}`}
      icon={<Icon size={16} aria-hidden />}
      onClick={() => {
        writeTheme(next[theme]);
        setTheme(next[theme]);
      }}
    />
  );
}
