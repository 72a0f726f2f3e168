import type { AssessmentWire, SpanWire, TraceWire, TraceWithSpansWire } from '#tracking/index.ts';
import { formatDuration, formatNumber, formatTime, renderPairs, renderTable } from './output.ts';

/** A trace as text: its facts, its spans as a tree, what was said of it. */
export function renderTrace({ trace, spans }: TraceWithSpansWire, width: number): string {
  const parts = [
    renderPairs(factsOf(trace)),
    spans.length === 0 ? undefined : renderSpans(spans, width),
    trace.assessments.length === 0 ? undefined : renderAssessments(trace.assessments, width),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function factsOf(trace: TraceWire): readonly (readonly [string, string | undefined])[] {
  const { tokens } = trace;
  return [
    ['trace', trace.id],
    ['name', trace.name],
    ['experiment', trace.experiment],
    ['state', trace.state],
    ['requested', `${formatTime(trace.requestedAt) ?? ''} UTC`],
    ['took', formatDuration(trace.duration)],
    ['tokens', tokens === undefined ? undefined : `${tokens.total} (${tokens.input} in, ${tokens.output} out)`],
    ['cost', trace.cost === undefined ? undefined : `$${formatNumber(trace.cost.total)}`],
    ['session', trace.session],
    ['user', trace.user],
    ['runs', trace.runs.length === 0 ? undefined : trace.runs.join(', ')],
    ['request', shortLine(trace.requestPreview)],
    ['response', shortLine(trace.responsePreview)],
  ];
}

function renderSpans(spans: readonly SpanWire[], width: number): string {
  return renderTable(
    inTree(spans),
    [
      { title: 'Span', value: ({ span, depth }) => `${'  '.repeat(depth)}${span.name}` },
      { title: 'Type', value: ({ span }) => span.type.toLowerCase() },
      { title: 'Status', value: ({ span }) => span.status },
      { title: 'Began', value: ({ span }) => formatDuration(span.at), align: 'right' },
      { title: 'Took', value: ({ span }) => formatDuration(span.duration), align: 'right' },
    ],
    width,
  );
}

function renderAssessments(assessments: readonly AssessmentWire[], width: number): string {
  return renderTable(
    assessments,
    [
      { title: 'Assessment', value: ({ name }) => name },
      { title: 'Kind', value: ({ kind }) => kind },
      { title: 'Value', value: ({ value }) => shortLine(JSON.stringify(value)) },
      { title: 'By', value: ({ source }) => `${source.kind} ${source.id}` },
      { title: 'Valid', value: ({ valid }) => (valid ? 'yes' : 'replaced') },
    ],
    width,
  );
}

/** Each span below its parent; one whose parent is not there stands at the top. */
function inTree(spans: readonly SpanWire[]): { span: SpanWire; depth: number }[] {
  const ids = new Set(spans.map(({ id }) => id));
  const below = Map.groupBy(spans, ({ parent }) => (parent !== undefined && ids.has(parent) ? parent : undefined));
  const walk = (parent: string | undefined, depth: number): { span: SpanWire; depth: number }[] =>
    (below.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...(depth < 100 ? walk(span.id, depth + 1) : [])]);
  return walk(undefined, 0);
}

/** The beginning of a text, in one line. */
export function shortLine(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/\s+/g, ' ').trim();
  return line === undefined || line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
