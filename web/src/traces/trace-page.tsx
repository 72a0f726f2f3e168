import type { TraceWire, TraceWithSpansWire } from '#tracking/traces/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { usePaletteItems } from '../frame/palette-items.ts';
import { CommandLine } from '../ui/command-line.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatNumber, shortId } from '../ui/format.ts';
import { type KeyValue, KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader, Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { Assessments } from './assessments.tsx';
import { previewText } from './preview-text.ts';
import { SpanDetails } from './span-details.tsx';
import { TraceMenu } from './trace-menu.tsx';
import { TraceState } from './trace-state.tsx';
import styles from './traces.module.css';
import { traceQuery } from './traces-api.ts';
import { Waterfall } from './waterfall.tsx';

const route = getRouteApi('/$project/traces/$trace');
const liveMs = 2_000;

/** One trace: what was asked and answered, its spans on a common clock, and what was said of it. */
export function TracePage() {
  const { project, trace: id } = route.useParams();
  const { span } = route.useSearch();
  const query = useQuery({
    ...traceQuery(project, id),
    // Spans are no events: while a trace grows, it is asked again.
    refetchInterval: (state) => (state.state.data?.trace.state === 'in-progress' ? liveMs : false),
  });
  const trace = query.data?.trace;
  const command = `ripen traces show ${id} --project ${project}`;
  usePaletteItems(
    useMemo(
      () => [
        {
          id: 'copy-trace-id',
          group: 'Actions',
          label: 'Copy the id of this trace',
          command,
          onSelect: () => void navigator.clipboard.writeText(id),
        },
      ],
      [id, command],
    ),
  );
  return (
    <>
      <PageHeader
        title={trace?.name ?? 'Trace'}
        path={
          <Link to="/$project/traces" params={{ project }}>
            Traces
          </Link>
        }
        marks={trace !== undefined && <TraceState trace={trace} />}
        actions={
          <>
            <CommandLine command={command} />
            {query.data !== undefined && (
              <TraceMenu trace={query.data.trace} span={query.data.spans.find((each) => each.id === span)?.id} />
            )}
          </>
        }
      />
      <QueryView query={query} failure="The trace could not be read" lines={12}>
        {(read) => <Course read={read} />}
      </QueryView>
    </>
  );
}

function Course({ read: { trace, spans } }: { readonly read: TraceWithSpansWire }) {
  const { span: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = useCallback(
    (span: string | undefined) => void navigate({ search: () => (span === undefined ? {} : { span }), replace: true, resetScroll: false }),
    [navigate],
  );
  const span = spans.find(({ id }) => id === chosen);
  return (
    <SplitPane
      detailsTitle={span?.name ?? ''}
      onClose={() => choose(undefined)}
      details={
        span && <SpanDetails project={trace.project} span={span} assessments={trace.assessments.filter((each) => each.span === span.id)} />
      }
    >
      <div className={styles['stack']}>
        <Conversation trace={trace} />
        {spans.length === 0 ? (
          <EmptyState title="No spans are kept of this trace">
            Its client told of the trace and has not sent its spans, or keeps them in a file of another place.
          </EmptyState>
        ) : (
          <Panel flush>
            <Waterfall key={trace.id} spans={spans} selected={span?.id} onSelect={choose} />
          </Panel>
        )}
        {trace.assessments.length > 0 && (
          <Section title="Assessments" note={formatCount(trace.assessments.length)}>
            <Assessments assessments={trace.assessments} />
          </Section>
        )}
        <Section title="Trace">
          <KeyValues items={factsOf(trace)} />
        </Section>
        <Labels title="Tags" labels={trace.tags} />
        <Labels title="Metadata" labels={trace.metadata} />
      </div>
    </SplitPane>
  );
}

function Conversation({ trace }: { readonly trace: TraceWire }) {
  const request = previewText(trace.requestPreview);
  const response = previewText(trace.responsePreview);
  if (request === undefined && response === undefined) return null;
  return (
    <dl className={styles['messages']} aria-label="Request and response">
      {request !== undefined && (
        <>
          <dt>request</dt>
          <dd>{request}</dd>
        </>
      )}
      {response !== undefined && (
        <>
          <dt>response</dt>
          <dd>{response}</dd>
        </>
      )}
    </dl>
  );
}

function factsOf(trace: TraceWire): KeyValue[] {
  const { project, tokens } = trace;
  const facts: (KeyValue | undefined)[] = [
    {
      key: 'Experiment',
      value: (
        <Link to="/$project/traces" params={{ project }} search={{ experiment: trace.experiment }}>
          {trace.experiment}
        </Link>
      ),
    },
    { key: 'Requested', value: <RelativeTime time={trace.requestedAt} /> },
    {
      key: 'Duration',
      value: <Duration ms={trace.duration} {...(trace.state === 'in-progress' ? { since: trace.requestedAt } : {})} />,
    },
    { key: 'Spans', value: formatCount(trace.spans) },
    tokens === undefined
      ? undefined
      : { key: 'Tokens', value: `${formatCount(tokens.total)} (${formatCount(tokens.input)} in, ${formatCount(tokens.output)} out)` },
    trace.cost === undefined ? undefined : { key: 'Cost', value: `$${formatNumber(trace.cost.total)}` },
    trace.session === undefined
      ? undefined
      : {
          key: 'Session',
          value: (
            <Link
              to="/$project/traces"
              params={{ project }}
              search={{ filter: `metadata."mlflow.trace.session" = ${quoted(trace.session)}` }}
            >
              {trace.session}
            </Link>
          ),
        },
    trace.user === undefined ? undefined : { key: 'User', value: trace.user },
    trace.clientRequestId === undefined ? undefined : { key: 'Client request', value: <code>{trace.clientRequestId}</code> },
    ...trace.runs.map((run) => ({
      key: 'Run',
      value: (
        <Link to="/$project/runs/$run" params={{ project, run }}>
          {shortId(run)}
        </Link>
      ),
    })),
    {
      key: 'Trace id',
      value: (
        <>
          <code>{trace.id}</code> <CopyButton text={trace.id} label="Copy trace id" />
        </>
      ),
    },
  ];
  return facts.filter((fact) => fact !== undefined);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function Labels({ title, labels }: { readonly title: string; readonly labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <Section title={title} note={formatCount(entries.length)}>
      <KeyValues items={entries.map(([key, value]) => ({ key, value }))} />
    </Section>
  );
}
