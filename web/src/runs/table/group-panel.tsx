import { Button } from '../../ui/button.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import { Select } from '../../ui/select.tsx';
import type { Choice } from '../../ui/select.tsx';
import styles from '../runs.module.css';
import type { Measure } from './table-state.ts';

interface GroupPanelProps {
  readonly choices: readonly Choice<string>[];
  readonly value: string | undefined;
  readonly onChange: (field: string | undefined) => void;
  readonly measure: Measure;
  readonly onMeasure: (measure: Measure) => void;
}

const measures = [
  { value: 'mean', label: 'Mean of the group' },
  { value: 'min', label: 'Least of the group' },
  { value: 'max', label: 'Greatest of the group' },
] as const;

/** Read when it is first opened. */
export function GroupPanel({ choices, value, onChange, measure, onMeasure }: GroupPanelProps) {
  return (
    <div className={styles['groupChoice']}>
      {/* Escape empties the field before it closes the panel; only the button ends the grouping. */}
      <Combobox
        label="Group by"
        choices={choices}
        value={value}
        onChange={(field) => field !== undefined && onChange(field)}
        placeholder="Nothing"
      />
      {value !== undefined && (
        <>
          <Select label="Metrics show the" choices={measures} value={measure} onChange={onMeasure} />
          <Button onClick={() => onChange(undefined)}>Do not group</Button>
        </>
      )}
    </div>
  );
}
