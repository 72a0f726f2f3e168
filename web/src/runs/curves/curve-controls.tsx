import { useId } from 'react';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import styles from '../runs.module.css';
import type { CurveSettings } from './curve-lines.ts';

interface CurveControlsProps {
  readonly settings: CurveSettings;
  readonly onChange: (settings: CurveSettings) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
}

const axes = [
  { value: 'step', label: 'Over steps' },
  { value: 'relative', label: 'Over time since start' },
  { value: 'time', label: 'Over the clock' },
] as const;

/** One set of switches for all charts of a page. */
export function CurveControls({ settings, onChange, text, onText }: CurveControlsProps) {
  const id = useId();
  return (
    <div className={styles['toolbar']} role="group" aria-label="How curves are drawn">
      <SearchField label="Find a metric" value={text} onChange={onText} />
      <Select label="Horizontal axis" labelHidden choices={axes} value={settings.x} onChange={(x) => onChange({ ...settings, x })} />
      <Button aria-pressed={settings.log} onClick={() => onChange({ ...settings, log: !settings.log })}>
        Log axis
      </Button>
      <label htmlFor={id} className={styles['slider']}>
        <span>Smoothing</span>
        <input
          id={id}
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={settings.smoothing}
          onChange={(event) => onChange({ ...settings, smoothing: Number(event.currentTarget.value) })}
        />
        <output>{settings.smoothing.toFixed(2)}</output>
      </label>
    </div>
  );
}
