import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { shortId } from '../ui/format.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { TraceList } from './trace-list.tsx';
import { stateWord, traceStates } from './trace-state.tsx';
import styles from './traces.module.css';
import { traceExperimentsQuery, type TraceSearch } from './traces-api.ts';

const route = getRouteApi('/$project/traces');

/** Every call of a program that was traced, the newest first. */
export function TracesPage() {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const experiments = useQuery(traceExperimentsQuery(project)).data?.items ?? [];
  const change = (part: TraceSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const narrowed = search.filter !== undefined || search.experiment !== undefined || search.state !== undefined || search.run !== undefined;
  return (
    <>
      <PageHeader
        title="Traces"
        description="Calls of programs step by step: what was asked, what each part did, what came out."
        actions={<CommandLine command={commandOf(project, search)} />}
      />
      <TraceList
        project={project}
        search={search}
        onOrder={(order) => change({ order })}
        tools={
          <>
            <FilterField
              key={search.filter ?? ''}
              filter={search.filter ?? ''}
              onFilter={(filter) => change({ filter: filter || undefined })}
            />
            <Select
              label="State"
              labelHidden
              choices={[{ value: '', label: 'Every state' }, ...traceStates.map((state) => ({ value: state, label: stateWord(state) }))]}
              value={search.state ?? ''}
              onChange={(state) => change({ state: state || undefined })}
            />
            <Select
              label="Experiment"
              labelHidden
              choices={[{ value: '', label: 'Every experiment' }, ...experiments.map(({ name }) => ({ value: name, label: name }))]}
              value={search.experiment ?? ''}
              onChange={(experiment) => change({ experiment: experiment || undefined })}
            />
            {search.run !== undefined && <Button onClick={() => change({ run: undefined })}>Run {shortId(search.run)} ×</Button>}
          </>
        }
        empty={
          narrowed ? (
            <EmptyState
              title="No trace fits"
              action={
                <Button onClick={() => change({ filter: undefined, experiment: undefined, state: undefined, run: undefined })}>
                  Show all traces
                </Button>
              }
            >
              There is no trace that all the chosen conditions hold for.
            </EmptyState>
          ) : (
            <EmptyState title="No call has been traced yet" command={`export MLFLOW_TRACKING_URI=${window.location.origin}`}>
              Programs with MLflow&rsquo;s <code>@mlflow.trace</code>, or any exporter of OpenTelemetry that sends to{' '}
              <code>/v1/traces</code>, fill this list.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function commandOf(project: string, { filter, experiment, run }: TraceSearch): string {
  const parts = [
    ...(filter === undefined ? [] : [`--filter ${JSON.stringify(filter)}`]),
    ...(experiment === undefined ? [] : [`--experiment ${JSON.stringify(experiment)}`]),
    ...(run === undefined ? [] : [`--run ${run}`]),
  ];
  return ['ripen traces list', `--project ${project}`, ...parts].join(' ');
}

/** Takes effect with Enter, and when it is left. */
function FilterField({ filter, onFilter }: { readonly filter: string; readonly onFilter: (filter: string) => void }) {
  const [text, setText] = useState(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(text.trim());
  };
  return (
    <form className={styles['filter']} onSubmit={submit}>
      <input
        className={styles['filterInput']}
        aria-label="Filter"
        placeholder="state = 'error' and span.type = 'LLM' and duration > 1000"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => text.trim() !== filter && onFilter(text.trim())}
      />
    </form>
  );
}
