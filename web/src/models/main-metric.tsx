import { useQuery } from '@tanstack/react-query';
import { Missing } from '../ui/values.tsx';
import { mainMetric, metricText, metricWords } from './metrics.ts';
import { evaluationQuery, type VersionAddress } from './model-queries.ts';
import styles from './models.module.css';

/** The figure by which a version is known, from its evaluation. */
export function MainMetric({ of }: { readonly of: VersionAddress }) {
  const { data, isError } = useQuery({ ...evaluationQuery(of), enabled: of.version !== '0' });
  if (isError) return <Missing why="the evaluation could not be read" />;
  if (data === undefined) return of.version === '0' ? <Missing why="no version" /> : null;
  const metric = data.evaluation === undefined ? undefined : mainMetric(data.evaluation.metrics);
  if (metric === undefined) return <Missing why="the version has no evaluation" />;
  return (
    <span>
      <span className={styles['muted']}>{metricWords(metric.name)}</span>{' '}
      {metric.value === null ? <Missing why="could not be computed" /> : metricText(metric.value)}
    </span>
  );
}
