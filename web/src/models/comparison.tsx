import { useQuery } from '@tanstack/react-query';
import type { VersionComparisonWire } from '#registry/wire.ts';
import { type ReactNode, useState } from 'react';
import { Checkbox } from '../ui/checkbox.tsx';
import { formatNumber, shortDigest } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { isBetter, metricText, metricWords } from './metrics.ts';
import { comparisonQuery, type ModelAddress } from './model-queries.ts';
import styles from './models.module.css';
import { tensorText } from './signature.tsx';

interface ComparisonProps {
  readonly of: ModelAddress;
  readonly before: number;
  readonly after: number;
}

/** Two versions side by side; what is equal can be left out. */
export function Comparison({ of, before, after }: ComparisonProps) {
  const comparison = useQuery(comparisonQuery(of, { before, after }));
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  return (
    <Section
      title={`Version ${before} compared with version ${after}`}
      actions={<Checkbox label="Only what differs" checked={onlyDifferent} onChange={setOnlyDifferent} />}
    >
      <QueryView query={comparison} failure="The versions could not be compared">
        {(data) => <Sides of={of} data={data} onlyDifferent={onlyDifferent} />}
      </QueryView>
    </Section>
  );
}

interface Line {
  readonly name: string;
  readonly before: ReactNode;
  readonly after: ReactNode;
  readonly note?: ReactNode;
}

function Sides({
  of,
  data,
  onlyDifferent,
}: {
  readonly of: ModelAddress;
  readonly data: VersionComparisonWire;
  readonly onlyDifferent: boolean;
}) {
  const kept = <Row extends { readonly differs: boolean }>(rows: readonly Row[]) =>
    onlyDifferent ? rows.filter(({ differs }) => differs) : rows;
  const texts = (rows: VersionComparisonWire['parameters'], show: (text: string) => string = (text) => text): readonly Line[] =>
    kept(rows).map(({ name, values }) => ({ name, before: shown(values[0], show), after: shown(values[1], show) }));
  // A run that also logs its evaluation need not say it twice.
  const known = new Set(data.metrics.map((row) => JSON.stringify(row)));
  const groups: readonly (readonly [title: string, lines: readonly Line[]])[] = [
    ['Metrics', kept(data.metrics).map(metricLine)],
    ['Metrics of the runs', kept(data.runMetrics.filter((row) => !known.has(JSON.stringify(row)))).map(metricLine)],
    ['Parameters', texts(data.parameters)],
    ['Data', texts(data.snapshots, (text) => (text.length > 40 ? shortDigest(text) : text))],
    ['Signature', data.signature.map(signatureLine)],
    ['Schema', texts(data.schema)],
    ['Environment', texts(data.environment)],
    ['Files', texts(data.files, shortDigest)],
    ['Origin', texts(data.origin, (text) => (text.length > 40 ? shortDigest(text) : text.length > 24 ? `…${text.slice(-8)}` : text))],
  ];
  const filled = groups.filter(([, lines]) => lines.length > 0);
  if (filled.length === 0) return <p>The two versions do not differ in anything that was recorded.</p>;
  return (
    <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Comparison, scrollable">
      <table className={styles['sides']}>
        <thead>
          <tr>
            <th scope="col">
              <span className={styles['muted']}>{onlyDifferent ? 'Differs' : 'All'}</span>
            </th>
            {[data.before, data.after].map(({ version }) => (
              <th key={version} scope="col">
                <Link to="/$project/models/$model/$version" params={{ ...of, version: String(version) }}>
                  Version {version}
                </Link>
              </th>
            ))}
            <th scope="col">Difference</th>
          </tr>
        </thead>
        {filled.map(([title, lines]) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={4} className={styles['groupHead']}>
                {title}
              </th>
            </tr>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">{line.name}</th>
                <td>{line.before}</td>
                <td>{line.after}</td>
                <td>{line.note}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function shown(value: string | null | undefined, show: (text: string) => string): ReactNode {
  return value === null || value === undefined ? <span className={styles['muted']}>–</span> : show(value);
}

function metricLine({ name, values }: VersionComparisonWire['metrics'][number]): Line {
  const [before, after] = [numberOf(values[0]), numberOf(values[1])];
  const text = (value: number | undefined) => (value === undefined ? <span className={styles['muted']}>–</span> : metricText(value));
  if (before === undefined || after === undefined) return { name: metricWords(name), before: text(before), after: text(after) };
  const better = isBetter(name, after, before);
  const change = `${after > before ? '+' : ''}${formatNumber(after - before, 3).replace('-', '−')}`;
  const note =
    better === undefined ? change : <StateMark state={better ? 'ok' : 'warning'} word={`${change}, ${better ? 'better' : 'worse'}`} />;
  return { name: metricWords(name), before: text(before), after: text(after), note: before === after ? 'equal' : note };
}

function numberOf(value: VersionComparisonWire['metrics'][number]['values'][number] | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

function signatureLine({ side, name, before, after, breaking }: VersionComparisonWire['signature'][number]): Line {
  const text = (tensor: typeof before) =>
    tensor === undefined ? <span className={styles['muted']}>–</span> : <code>{tensorText(tensor)}</code>;
  return {
    name: `${side} ${name}`,
    before: text(before),
    after: text(after),
    note: <StateMark state={breaking ? 'warning' : 'ok'} word={breaking ? 'breaks callers' : 'callers go on'} />,
  };
}
