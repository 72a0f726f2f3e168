import { X } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Toolbar } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { SearchField } from '../ui/text-field.tsx';
import type { EventsSearch } from './events-search.ts';

/** Beginnings of types, in the order of the path that data walks. */
const kinds: readonly (readonly [prefix: string, label: string])[] = [
  ['dataset', 'Datasets'],
  ['dataset.snapshot', 'Snapshots'],
  ['pipeline', 'Pipelines'],
  ['step', 'Steps'],
  ['run', 'Runs'],
  ['model', 'Models'],
  ['release', 'Releases'],
  ['gate', 'Gates'],
  ['service', 'Services'],
  ['rollout', 'Rollouts'],
  ['monitor', 'Monitors'],
  ['alert', 'Alerts'],
  ['labels', 'Labels'],
  ['assessment', 'Assessments'],
  ['member', 'Members'],
  ['project', 'Project'],
];

interface EventFiltersProps {
  readonly search: EventsSearch;
  readonly actors: readonly string[];
  readonly onChange: (part: EventsSearch) => void;
}

export function EventFilters({ search, actors, onChange }: EventFiltersProps) {
  const chosen = search.type?.replace(/\.$/, '');
  const known = kinds.some(([prefix]) => prefix === chosen) || chosen === undefined;
  const types = [
    { value: 'all', label: 'All types' },
    ...(known ? [] : [{ value: chosen, label: chosen }]),
    ...kinds.map(([value, label]) => ({ value, label })),
  ];
  const people = [...new Set([...actors, ...(search.actor === undefined ? [] : [search.actor])])];
  const any = search.type ?? search.actor ?? search.subject ?? search.find;
  return (
    <Toolbar label="Filters">
      <SearchField
        label="Find in events"
        value={search.find ?? ''}
        onChange={(find) => onChange({ find: find === '' ? undefined : find })}
      />
      <Select
        label="Type"
        labelHidden
        choices={types}
        value={chosen ?? 'all'}
        onChange={(type) => onChange({ type: type === 'all' ? undefined : type })}
      />
      <Select
        label="Actor"
        labelHidden
        choices={[{ value: '', label: 'Everyone' }, ...people.map((name) => ({ value: name, label: name }))]}
        value={search.actor ?? ''}
        onChange={(actor) => onChange({ actor: actor === '' ? undefined : actor })}
      />
      {search.subject !== undefined && (
        <Button icon={<X size={13} aria-hidden />} onClick={() => onChange({ subject: undefined })}>
          Only {search.subject.split('/').slice(2).join('/') || search.subject}
        </Button>
      )}
      {any !== undefined && (
        <Button look="plain" onClick={() => onChange({ type: undefined, actor: undefined, subject: undefined, find: undefined })}>
          Clear
        </Button>
      )}
    </Toolbar>
  );
}
