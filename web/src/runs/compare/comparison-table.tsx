import type { RunComparisonWire } from '#tracking/wire.ts';
import { useState } from 'react';
import { Checkbox } from '../../ui/checkbox.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/page-header.tsx';
import { VisuallyHidden } from '../../ui/visually-hidden.tsx';
import { bestOf } from '../metric-direction.ts';
import { numberOf } from '../metric-value.ts';
import { RunState } from '../run-state.tsx';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';

type Line = RunComparisonWire['parameters'][number] | RunComparisonWire['metrics'][number];

/** Runs side by side: what they were given, what came out, where they came from. */
export function ComparisonTable({
  comparison,
  runs,
  project,
}: {
  readonly comparison: RunComparisonWire;
  readonly runs: readonly ComparedRun[];
  readonly project: string;
}) {
  const [onlyDiffering, setOnlyDiffering] = useState(true);
  const groups: readonly (readonly [string, readonly Line[], boolean])[] = [
    ['Metrics', comparison.metrics, true],
    ['Parameters', comparison.parameters, false],
    ['Inputs', comparison.inputs, false],
    ['Code and surroundings', comparison.origin, false],
    ['Tags', comparison.tags, false],
  ];
  const shown = groups.map(([title, lines, numeric]) => ({
    title,
    numeric,
    lines: numeric || !onlyDiffering ? lines : lines.filter((line) => line.differs),
    equal: lines.filter((line) => !line.differs).length,
  }));
  return (
    <Section
      title="Side by side"
      actions={<Checkbox label="Only what differs" checked={onlyDiffering} onChange={setOnlyDiffering} />}
      note="the best value of a metric is marked where its name says which way is better"
    >
      <div className={styles['compareScroller']} tabIndex={0} role="region" aria-label="Comparison of runs, scrollable">
        <table className={styles['compare']}>
          <thead>
            <tr>
              <th scope="col">
                <VisuallyHidden>Name</VisuallyHidden>
              </th>
              {runs.map(({ run, name, colour }) => (
                <th key={run.id} scope="col">
                  <span className={styles['swatch']} style={{ background: `var(--series-${(colour % 8) + 1})` }} aria-hidden />
                  <Link to="/$project/runs/$run" params={{ project, run: run.id }}>
                    {name}
                  </Link>{' '}
                  <RunState run={run} />
                </th>
              ))}
            </tr>
          </thead>
          {shown.map(({ title, lines, numeric, equal }) => (
            <tbody key={title}>
              <tr className={styles['group']}>
                <th scope="rowgroup" colSpan={comparison.runs.length + 1}>
                  {title} {lines.length === 0 && <span className={styles['note']}>{equal === 0 ? 'none' : `${equal} equal`}</span>}
                </th>
              </tr>
              {lines.map((line) => (
                <ComparedLine key={line.name} line={line} numeric={numeric} marked={!onlyDiffering} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </Section>
  );
}

// The first 12 characters of a digest or a commit tell it apart; the whole stands in the title.
function shortened(text: string): string {
  return text.replaceAll(/(?:sha256:)?\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1');
}

function ComparedLine({ line, numeric, marked }: { readonly line: Line; readonly numeric: boolean; readonly marked: boolean }) {
  const numbers = numeric ? line.values.map(numberOf) : [];
  const best = numeric ? bestOf(line.name, numbers) : undefined;
  return (
    <tr className={marked && !numeric && line.differs ? styles['differs'] : undefined}>
      <th scope="row">{line.name}</th>
      {line.values.map((value, index) => {
        const number = numbers[index];
        const isBest = index === best;
        return (
          <td key={index} className={numeric ? styles['number'] : undefined} title={value === null ? undefined : String(value)}>
            {value === null ? (
              '–'
            ) : (
              <span className={isBest ? styles['best'] : undefined}>
                {isBest && '★ '}
                {number === undefined ? shortened(String(value)) : formatNumber(number, 5)}
                {isBest && <VisuallyHidden> (best)</VisuallyHidden>}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
