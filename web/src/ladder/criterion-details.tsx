import type { AssessmentSummaryWire, CriterionResultWire } from '#maturity/wire.ts';
import { lazy, Suspense } from 'react';
import { CommandLine } from '../ui/command-line.tsx';
import { formatNumber } from '../ui/format.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { evidenceText, stateWords, thresholdText, valueText } from './criterion-words.ts';
import styles from './ladder.module.css';
import { StepLink } from './step-link.tsx';

const LineChart = lazy(() => import('../charts/line-chart.tsx').then((module) => ({ default: module.LineChart })));

interface CriterionDetailsProps {
  readonly project: string;
  readonly result: CriterionResultWire;
  readonly history: readonly AssessmentSummaryWire[];
}

/** Why a criterion matters, why it stands as it does, what comes next, and the events behind it. */
export function CriterionDetails({ project, result, history }: CriterionDetailsProps) {
  const { criterion, state, missing } = result;
  const measured = state !== 'not_measurable';
  return (
    <div className={styles['details']}>
      <p className={styles['why']}>{criterion.explanation}</p>
      <div>
        <StateMark state={stateWords[state].mark} word={stateWords[state].word} />
        <p>{measured ? result.explanation : (criterion.provedBy ?? result.explanation)}</p>
        {missing.length > 0 && (
          <p className={styles['muted']}>
            Missing: {missing.slice(-12).join(', ')}
            {missing.length > 12 && ` and ${missing.length - 12} more`}.
          </p>
        )}
      </div>
      {state !== 'pass' && state !== 'not_applicable' && (
        <section aria-label="Next step" className={styles['part']}>
          <h3>Next step</h3>
          <p>{criterion.nextStep.text}</p>
          <div className={styles['nextActions']}>
            <StepLink project={project} page={criterion.nextStep.page} />
            {criterion.nextStep.command !== null && <CommandLine command={criterion.nextStep.command} />}
          </div>
        </section>
      )}
      {measured && (
        <section aria-label="Evidence" className={styles['part']}>
          <h3>Evidence</h3>
          <EventNumbers project={project} label="for it" numbers={result.evidence} none="No event speaks for it." />
          {result.counterEvidence.length > 0 && (
            <EventNumbers project={project} label="against it" numbers={result.counterEvidence} none="" />
          )}
        </section>
      )}
      <KeyValues items={factsOf(result)} />
      <Course result={result} history={history} />
    </div>
  );
}

function factsOf(result: CriterionResultWire) {
  const { criterion } = result;
  const counts = criterion.threshold.unit === 'share' ? '' : ` (${formatNumber(result.numerator)} of ${formatNumber(result.denominator)})`;
  return [
    { key: 'Measured', value: `${evidenceText(result)}${result.state === 'no_data' ? '' : counts}` },
    ...(result.value !== null && criterion.threshold.unit === 'share' ? [{ key: 'Value', value: valueText(result.value, 'share') }] : []),
    { key: 'Threshold', value: thresholdText(criterion.threshold.text) },
    { key: 'Looks at', value: criterion.windowDays === null ? 'the whole history' : `the last ${criterion.windowDays} days` },
    ...(criterion.minimumSample > 1 ? [{ key: 'Smallest sample', value: String(criterion.minimumSample) }] : []),
    { key: 'So since', value: <RelativeTime time={result.since} /> },
    { key: 'Weight', value: `${criterion.weight}${criterion.must ? ', must' : ''}` },
    { key: 'Source', value: criterion.source },
  ];
}

function EventNumbers({
  project,
  label,
  numbers,
  none,
}: {
  readonly project: string;
  readonly label: string;
  readonly numbers: readonly number[];
  readonly none: string;
}) {
  if (numbers.length === 0) return <p className={styles['muted']}>{none}</p>;
  return (
    <p>
      <span className={styles['muted']}>Events {label}: </span>
      <span className={styles['numbers']}>
        {numbers.map((number) => (
          <Link key={number} to="/$project/events" params={{ project }} search={{ number }}>
            {number}
          </Link>
        ))}
      </span>
    </p>
  );
}

function Course({ result, history }: { readonly result: CriterionResultWire; readonly history: readonly AssessmentSummaryWire[] }) {
  const points = history
    .toReversed()
    .flatMap(({ at, scores }) =>
      scores[result.criterion.id] === undefined ? [] : [{ x: at, y: (scores[result.criterion.id] ?? 0) * 100 }],
    );
  if (points.length < 2) return null;
  return (
    <Suspense>
      <LineChart title="Score" unit="%" series={[{ name: 'Score', points }]} xName="Time" yName="Score" xKind="time" height={120} />
    </Suspense>
  );
}
