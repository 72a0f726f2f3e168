import { Layers } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from '../../ui/button.tsx';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { RunFields } from '../runs-api.ts';
import { quoted } from './filter-completion.ts';
import type { Measure } from './table-state.ts';

const GroupPanel = lazy(() => import('./group-panel.tsx').then((module) => ({ default: module.GroupPanel })));

interface GroupChoiceProps {
  readonly fields: RunFields;
  readonly value: string | undefined;
  readonly onChange: (field: string | undefined) => void;
  readonly measure: Measure;
  readonly onMeasure: (measure: Measure) => void;
}

const facts = [
  { value: 'experiment', label: 'Experiment' },
  { value: 'parentRun', label: 'Parent run' },
  { value: 'state', label: 'State' },
  { value: 'user', label: 'Started by' },
  { value: 'commit', label: 'Commit' },
];

/** By what the table gathers its runs, and what a group shows of its metrics. */
export function GroupChoice({ fields, value, ...rest }: GroupChoiceProps) {
  const choices = [
    ...facts,
    ...fields.parameters.map((name) => ({ value: `params.${quoted(name)}`, label: `Parameter ${name}` })),
    ...fields.tags.map((name) => ({ value: `tags.${quoted(name)}`, label: `Tag ${name}` })),
  ];
  const label = choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <PopoverButton
      label="Group runs"
      trigger={
        <Button icon={<Layers size={14} aria-hidden />}>
          {value === undefined ? 'Group' : `By ${label?.replace(/^(?:Parameter|Tag) /, '')}`}
        </Button>
      }
    >
      <Suspense fallback={<Skeleton lines={2} />}>
        <GroupPanel choices={choices} value={value} {...rest} />
      </Suspense>
    </PopoverButton>
  );
}
