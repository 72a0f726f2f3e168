import type { AssessmentWire, SpanWire } from '#tracking/traces/wire.ts';
import { Fragment } from 'react';
import { Badge } from '../ui/badge.tsx';
import { formatCount, formatDuration, formatNumber } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { type KeyValue, KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { Section } from '../ui/page-header.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { Assessments } from './assessments.tsx';
import { chatMessages } from './messages.ts';
import { spanState } from './trace-state.tsx';
import styles from './traces.module.css';

interface SpanDetailsProps {
  readonly project: string;
  readonly span: SpanWire;
  readonly assessments: readonly AssessmentWire[];
}

/** Everything about one span. */
export function SpanDetails({ project, span, assessments }: SpanDetailsProps) {
  const exceptions = span.events.filter(({ name }) => name === 'exception');
  const others = span.events.filter(({ name }) => name !== 'exception');
  const attributes = Object.entries(span.attributes);
  return (
    <>
      {span.status === 'error' && (span.statusMessage !== undefined || exceptions.length > 0) && (
        <div className={styles['failure']} role="group" aria-label="Error">
          {span.statusMessage !== undefined && <p>{span.statusMessage}</p>}
          {exceptions.map((event) => (
            <Exception key={event.at} attributes={event.attributes} told={span.statusMessage} />
          ))}
        </div>
      )}
      <Section title="Span">
        <KeyValues items={factsOf(span)} />
      </Section>
      {span.inputs !== undefined && (
        <Section title="Inputs">
          <Content label="Inputs" value={span.inputs} />
        </Section>
      )}
      {span.outputs !== undefined && (
        <Section title="Outputs">
          <Content label="Outputs" value={span.outputs} />
        </Section>
      )}
      {assessments.length > 0 && (
        <Section title="Assessments">
          <Assessments assessments={assessments} />
        </Section>
      )}
      {others.length > 0 && (
        <Section title="Events" note={formatCount(others.length)}>
          {others.map((event) => (
            <div key={`${event.name} ${event.at}`} className={styles['event']}>
              <p>
                {event.name} <span className={styles['note']}>after {formatDuration(event.at)}</span>
              </p>
              {Object.keys(event.attributes).length > 0 && <JsonView label={`Event ${event.name}`} value={event.attributes} open={1} />}
            </div>
          ))}
        </Section>
      )}
      {attributes.length > 0 && (
        <Section title="Attributes" note={formatCount(attributes.length)}>
          <JsonView label="Attributes" value={span.attributes} open={1} />
        </Section>
      )}
      {span.links.length > 0 && (
        <Section title="Links">
          <ul>
            {span.links.map((link) => (
              <li key={`${link.trace} ${link.span}`}>
                <Link to="/$project/traces/$trace" params={{ project, trace: link.trace }} search={{ span: link.span }}>
                  {link.trace}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

interface ExceptionProps {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What stands above it already. */
  readonly told: string | undefined;
}

function Exception({ attributes, told }: ExceptionProps) {
  const text = (key: string) => (typeof attributes[key] === 'string' ? attributes[key] : undefined);
  const message = [text('exception.type'), text('exception.message')].filter((part) => part !== undefined).join(': ');
  const stack = text('exception.stacktrace');
  return (
    <>
      {message !== '' && message !== told && <p className={styles['exception']}>{message}</p>}
      {stack !== undefined && (
        <details>
          <summary>Stack</summary>
          <pre className={styles['text']}>{stack}</pre>
        </details>
      )}
    </>
  );
}

function factsOf(span: SpanWire): KeyValue[] {
  const { state, word } = spanState(span);
  const { tokens } = span;
  const facts: (KeyValue | undefined)[] = [
    { key: 'Status', value: <StateMark state={state} word={word} /> },
    span.type === 'UNKNOWN' ? undefined : { key: 'Type', value: <Badge>{span.type.toLowerCase().replaceAll('_', ' ')}</Badge> },
    { key: 'Began', value: `after ${formatDuration(span.at)}` },
    { key: 'Duration', value: span.duration === undefined ? 'still running' : formatDuration(span.duration) },
    span.model === undefined ? undefined : { key: 'Model', value: span.model },
    span.provider === undefined ? undefined : { key: 'Provider', value: span.provider },
    tokens === undefined
      ? undefined
      : { key: 'Tokens', value: `${formatCount(tokens.total)} (${formatCount(tokens.input)} in, ${formatCount(tokens.output)} out)` },
    span.cost === undefined ? undefined : { key: 'Cost', value: `$${formatNumber(span.cost.total)}` },
    { key: 'Span id', value: <code>{span.id}</code> },
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** A conversation as messages, a text as it is, anything else as a tree. */
function Content({ label, value }: { readonly label: string; readonly value: unknown }) {
  const messages = chatMessages(value);
  if (messages !== undefined)
    return (
      <dl className={styles['messages']} aria-label={label}>
        {messages.map(({ role, text }, index) => (
          // Messages have no name of their own; their order does not change.
          // oxlint-disable-next-line react/no-array-index-key
          <Fragment key={index}>
            <dt>{role}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
    );
  if (typeof value === 'string') return <pre className={styles['text']}>{value}</pre>;
  return <JsonView label={label} value={value} />;
}
