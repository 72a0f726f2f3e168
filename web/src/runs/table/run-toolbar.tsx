import { useQuery } from '@tanstack/react-query';
import { Columns3, Trash2 } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Select } from '../../ui/select.tsx';
import { experimentsQuery, type RunFields } from '../runs-api.ts';
import styles from '../runs.module.css';
import { ExportMenu } from './export-menu.tsx';
import type { ColumnCatalogue, GridColumn } from './grid-columns.tsx';
import { GroupChoice } from './group-choice.tsx';
import { SortChips } from './sort-chips.tsx';
import { type ColumnChoice, columnsText, orderText, type SortTerm, type TableSearch } from './table-state.ts';
import type { Measure } from './table-state.ts';

const ColumnsPanel = lazy(() => import('./columns-panel.tsx').then((module) => ({ default: module.ColumnsPanel })));
const states = ['running', 'scheduled', 'finished', 'failed', 'killed'] as const;

interface RunToolbarProps {
  readonly project: string;
  readonly fields: RunFields;
  readonly search: TableSearch;
  readonly onChange: (part: TableSearch) => void;
  readonly catalogue: ColumnCatalogue;
  readonly choices: readonly ColumnChoice[];
  readonly columns: readonly GridColumn[];
  readonly order: readonly SortTerm[];
  readonly count: number | undefined;
  readonly measure: Measure;
  readonly onMeasure: (measure: Measure) => void;
}

/** Below the filter: what narrows, orders, groups and lays out the table. */
export function RunToolbar(props: RunToolbarProps) {
  const { project, fields, search, onChange, catalogue, choices, columns, order, count, measure, onMeasure } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const deleted = search.lifecycle === 'deleted';
  return (
    <div className={styles['toolbar']} role="group" aria-label="What the table shows">
      <ExperimentChoice project={project} value={search.experiment} onChange={(experiment) => onChange({ experiment })} />
      <Select
        label="State"
        labelHidden
        choices={[{ value: '', label: 'Every state' }, ...states.map((state) => ({ value: state, label: state }))]}
        value={search.state ?? ''}
        onChange={(state) => onChange({ state: state || undefined })}
      />
      <GroupChoice fields={fields} value={search.group} onChange={(group) => onChange({ group })} measure={measure} onMeasure={onMeasure} />
      <SortChips catalogue={catalogue} order={order} onChange={(terms) => onChange({ order: orderText(terms) })} />
      <span className={styles['grow']} />
      <span className={styles['count']} role="status">
        {count !== undefined && `${formatCount(count)} ${deleted ? 'deleted ' : ''}${count === 1 ? 'run' : 'runs'}`}
      </span>
      <IconButton
        label={deleted ? 'Back to the runs' : 'Deleted runs'}
        icon={<Trash2 size={15} aria-hidden />}
        pressed={deleted}
        onClick={() => onChange({ lifecycle: deleted ? undefined : 'deleted' })}
      />
      <ExportMenu project={project} search={search} columns={columns.map(({ id }) => id)} />
      <IconButton
        ref={button}
        label="Columns"
        icon={<Columns3 size={15} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      <Suspense>
        {open && (
          <ColumnsPanel
            anchor={button}
            catalogue={catalogue}
            choices={choices}
            onChange={(next) => onChange({ columns: next === undefined ? undefined : columnsText(next) })}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </div>
  );
}

function ExperimentChoice({
  project,
  value,
  onChange,
}: {
  readonly project: string;
  readonly value: string | undefined;
  readonly onChange: (name: string | undefined) => void;
}) {
  const experiments = useQuery(experimentsQuery(project));
  const names = experiments.data?.items.map((experiment) => experiment.name) ?? [];
  const all = value !== undefined && !names.includes(value) ? [value, ...names] : names;
  return (
    <Select
      label="Experiment"
      labelHidden
      choices={[{ value: '', label: 'Every experiment' }, ...all.map((name) => ({ value: name, label: name }))]}
      value={value ?? ''}
      onChange={(name) => onChange(name || undefined)}
    />
  );
}
