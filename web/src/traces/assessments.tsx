import type { AssessmentWire } from '#tracking/traces/wire.ts';
import { Badge } from '../ui/badge.tsx';
import { formatNumber } from '../ui/format.ts';
import { RelativeTime } from '../ui/values.tsx';
import styles from './traces.module.css';

const sources: Readonly<Record<AssessmentWire['source']['kind'], string>> = {
  human: 'a person',
  judge: 'a model',
  code: 'a program',
  unspecified: 'somebody',
};

/** What was said of a trace or of one span, the valid ones first. */
export function Assessments({ assessments }: { readonly assessments: readonly AssessmentWire[] }) {
  const sorted = assessments.toSorted((a, b) => Number(b.valid) - Number(a.valid) || a.name.localeCompare(b.name));
  return (
    <ul className={styles['assessments']}>
      {sorted.map((assessment) => (
        <li key={assessment.id}>
          <p className={styles['verdict']}>
            <span className={styles['assessed']}>{assessment.name}</span>
            <Value assessment={assessment} />
            {assessment.kind !== 'feedback' && <Badge tone="outline">{assessment.kind}</Badge>}
            {!assessment.valid && <Badge tone="warning">replaced</Badge>}
          </p>
          {assessment.rationale !== undefined && <p className={styles['rationale']}>{assessment.rationale}</p>}
          {assessment.error !== undefined && (
            <p className={styles['exception']}>
              {assessment.error.code} {assessment.error.message}
            </p>
          )}
          <p className={styles['note']}>
            by {sources[assessment.source.kind]}
            {assessment.source.id !== 'default' && `, ${assessment.source.id}`}, <RelativeTime time={assessment.updatedAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Value({ assessment: { value, error } }: { readonly assessment: AssessmentWire }) {
  if (error !== undefined && value == null) return <Badge tone="failed">failed</Badge>;
  if (value === true || value === 'yes') return <Badge tone="ok">{String(value)}</Badge>;
  if (value === false || value === 'no') return <Badge tone="failed">{String(value)}</Badge>;
  if (typeof value === 'number') return <span className={styles['figure']}>{formatNumber(value)}</span>;
  return <span className={styles['answer']}>{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}
