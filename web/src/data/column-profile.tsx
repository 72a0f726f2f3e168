import type { ProfileWire } from '#data/wire.ts';
import { useMemo } from 'react';
import { Histogram } from '../charts/histogram.tsx';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { distributionOf, onCommonBins, tailsOf } from './distribution.ts';
import styles from './data.module.css';

type Column = ProfileWire['columns'][number];

interface ColumnProfileProps {
  readonly column: Column;
  readonly rows: number;
  readonly reference: Column | undefined;
  readonly referenceName: string;
}

/** One column: how it is filled and how its values are spread. */
export function ColumnProfile({ column, rows, reference, referenceName }: ColumnProfileProps) {
  const moment = /DATE|TIME/.test(column.type);
  const drawn = useMemo(() => drawingOf(column, reference), [column, reference]);
  const tails = column.histogram === undefined ? undefined : tailsOf(column.histogram, moment ? momentText : formatNumber);
  return (
    <article className={styles['column']} aria-label={`Column ${column.name}`}>
      <header className={styles['columnHead']}>
        <h3>{column.name}</h3>
        <code className={styles['muted']}>{column.type}</code>
      </header>
      <dl className={styles['facts']}>
        {factsOf(column, rows).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {drawn === undefined ? (
        <p className={styles['muted']}>
          {column.count === 0 ? 'No row has a value.' : 'Nearly every value differs, so there is no distribution to draw.'}
        </p>
      ) : (
        <Histogram
          title="Distribution"
          current={drawn.current}
          reference={drawn.reference}
          referenceName={referenceName}
          height={120}
          {...(moment ? { writeValue: dayText } : {})}
        />
      )}
      {tails !== undefined && <p className={styles['note']}>{tails}.</p>}
    </article>
  );
}

// Above this share of distinct values the commonest ones say nothing about the column.
const mostlyDistinct = 0.5;

function drawingOf(column: Column, reference: Column | undefined) {
  const { histogram } = column;
  if (histogram === undefined || column.count === 0) return undefined;
  if (histogram.kind === 'categorical' && column.count > 50 && column.distinct / column.count > mostlyDistinct) return undefined;
  const current = distributionOf(histogram);
  // Moments move on by their nature: those of another load lie elsewhere and compare with nothing.
  if (reference?.histogram === undefined || /DATE|TIME/.test(column.type)) return { current, reference: undefined };
  const [now, before] = onCommonBins(current, distributionOf(reference.histogram));
  return { current: now, reference: before };
}

function factsOf(column: Column, rows: number): readonly (readonly [string, string])[] {
  const { nulls, distinct, notFinite, minimum, maximum, mean, deviation, textLength, quantiles } = column;
  const median = quantiles.find(({ share }) => share === 0.5)?.value;
  const facts: (readonly [string, string] | undefined)[] = [
    ['Missing', nulls === 0 ? 'none' : `${formatCount(nulls)} (${formatShare(rows === 0 ? 0 : nulls / rows)})`],
    ['Distinct', formatCount(distinct)],
    notFinite > 0 ? ['NaN or ∞', formatCount(notFinite)] : undefined,
    minimum === undefined || maximum === undefined ? undefined : ['Range', `${valueText(minimum)} to ${valueText(maximum)}`],
    mean === undefined ? undefined : ['Mean', `${formatNumber(mean)}${deviation === undefined ? '' : ` ± ${formatNumber(deviation, 3)}`}`],
    median === undefined ? undefined : ['Median', valueText(median)],
    textLength === undefined ? undefined : ['Length', `${textLength.minimum} to ${textLength.maximum}`],
  ];
  return facts.filter((fact) => fact !== undefined);
}

function valueText(value: number | string): string {
  if (typeof value === 'number') return formatNumber(value);
  const moment = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(value);
  if (moment !== null) return `${moment[1] ?? ''} ${moment[2] ?? ''}`;
  return value.length > 24 ? `${value.slice(0, 23)}…` : value;
}

function momentText(value: number): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? formatNumber(value) : date.toISOString().slice(0, 16).replace('T', ' ');
}

const days = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayText = (time: number): string => days.format(time);
