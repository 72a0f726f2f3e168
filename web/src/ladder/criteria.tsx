import { getRouteApi } from '@tanstack/react-router';
import type { AssessmentSummaryWire, AssessmentWire, CriterionResultWire } from '#maturity/wire.ts';
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { Section } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { stages } from '../ui/stage-mark.tsx';
import { Table } from '../ui/table.tsx';
import { SearchField } from '../ui/text-field.tsx';
import { criteriaColumns, laterColumns } from './criteria-columns.tsx';
import { CriterionDetails } from './criterion-details.tsx';
import { type LadderSearch, stageSlugs, statusChoices } from './ladder-search.ts';
import { stateWords } from './criterion-words.ts';

const route = getRouteApi('/$project/ladder');

interface CriteriaProps {
  readonly project: string;
  readonly assessment: AssessmentWire;
  readonly history: readonly AssessmentSummaryWire[];
}

/** Every criterion with its evidence; what cannot be measured yet stands apart. */
export function Criteria({ project, assessment, history }: CriteriaProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: LadderSearch, replace = true) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace, resetScroll: false });
  const wanted = useDeferredValue(search);
  const found = useMemo(() => assessment.criteria.filter((result) => matches(result, wanted)), [assessment, wanted]);
  const isOpen = search.criterion !== undefined;
  const columns = useMemo(() => criteriaColumns(history.toReversed(), isOpen), [history, isOpen]);
  const measured = found.filter(({ state }) => state !== 'not_measurable');
  const later = wanted.status === undefined || wanted.status === 'open' ? found.filter(({ state }) => state === 'not_measurable') : [];
  const open = assessment.criteria.find(({ criterion }) => criterion.id === search.criterion);
  useShownRow(open?.criterion.id);
  const shared = {
    rowKey,
    groupOf,
    onOpen: ({ criterion }: CriterionResultWire) => change({ criterion: criterion.id }, search.criterion !== undefined),
    openKey: search.criterion,
  };
  return (
    <SplitPane
      detailsTitle={open === undefined ? '' : `${open.criterion.id} ${open.criterion.title}`}
      details={open && <CriterionDetails project={project} result={open} history={history} />}
      onClose={() => change({ criterion: undefined })}
    >
      <Section title="Criteria">
        <Table
          {...shared}
          label="Criteria"
          columns={columns}
          rows={measured}
          tools={<Filters search={search} onChange={change} />}
          empty={<p>No measurable criterion matches. Change the filter above.</p>}
        />
      </Section>
      {later.length > 0 && (
        <Section title="Not yet measurable" note="no event proves them today; they count as not met, and nobody can take the step now">
          <Table {...shared} label="Criteria that are not yet measurable" columns={laterColumns} rows={later} tools={false} />
        </Section>
      )}
    </SplitPane>
  );
}

/** Someone who comes by an address with an open criterion sees its row; one who opens it here sees it already. */
function useShownRow(criterion: string | undefined): void {
  const first = useRef(criterion);
  useEffect(() => {
    if (first.current === undefined || first.current !== criterion) return;
    first.current = undefined;
    document.querySelector('#main tr[aria-selected="true"]')?.scrollIntoView({ block: 'center' });
  }, [criterion]);
}

function Filters({ search, onChange }: { readonly search: LadderSearch; readonly onChange: (part: LadderSearch) => void }) {
  return (
    <>
      <SearchField
        label="Filter criteria"
        value={search.find ?? ''}
        onChange={(find) => onChange({ find: find === '' ? undefined : find })}
      />
      <Select
        label="Stage"
        labelHidden
        choices={[{ value: 'all', label: 'All stages' }, ...stageSlugs.map((value, index) => ({ value, label: stages[index] ?? value }))]}
        value={search.stage ?? 'all'}
        onChange={(stage) => onChange({ stage: stage === 'all' ? undefined : stage })}
      />
      <Select
        label="Status"
        labelHidden
        choices={[
          { value: 'all', label: 'Any status' },
          ...statusChoices.map((value) => ({ value, label: capital(value === 'open' ? 'everything not met' : stateWords[value].word) })),
        ]}
        value={search.status ?? 'all'}
        onChange={(status) => onChange({ status: status === 'all' ? undefined : status })}
      />
    </>
  );
}

function matches({ criterion, state }: CriterionResultWire, { stage, status, find }: LadderSearch): boolean {
  if (stage !== undefined && criterion.stage !== stage) return false;
  if (status === 'open' ? state === 'pass' || state === 'not_applicable' : status !== undefined && state !== status) return false;
  if (find === undefined) return true;
  const text = `${criterion.id} ${criterion.title} ${criterion.capability.title} ${criterion.explanation}`.toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function capital(word: string): string {
  return `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;
}

const rowKey = ({ criterion }: CriterionResultWire) => criterion.id;
const groupOf = ({ criterion }: CriterionResultWire) =>
  `${stages[stageSlugs.indexOf(criterion.stage)] ?? ''} · ${criterion.capability.title}`;
