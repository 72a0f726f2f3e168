import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CurveCharts } from '../curves/curve-charts.tsx';
import { isLive } from '../run-state.tsx';
import { metricsWithCurves } from '../runs-api.ts';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';

/** The same metric of every run in one chart. */
export function ComparedCurves({ project, runs }: { readonly project: string; readonly runs: readonly ComparedRun[] }) {
  const metrics = useMemo(() => [...new Set(runs.flatMap(({ run }) => Object.keys(run.metrics)))].toSorted(), [runs]);
  const ids = useMemo(() => runs.map(({ run }) => run.id), [runs]);
  const found = useQuery({
    ...metricsWithCurves(project, ids, metrics),
    refetchInterval: runs.some(({ run }) => isLive(run)) ? 5_000 : false,
  });
  const names = found.data === undefined ? metrics.join('\n') : metrics.filter((name) => found.data.has(name)).join('\n');
  const groups = useMemo(() => {
    const all = names === '' ? [] : names.split('\n');
    // What the machines did comes after what the models learned.
    const ordered = all.toSorted((a, b) => Number(a.startsWith('system/')) - Number(b.startsWith('system/')));
    return ordered.map((metric) => ({ title: metric, metrics: [metric] }));
  }, [names]);
  if (metrics.length === 0) return <p className={styles['note']}>The runs logged no metric.</p>;
  if (found.isPending && found.fetchStatus === 'fetching') return <Skeleton lines={6} />;
  if (groups.length === 0) return <p className={styles['note']}>No metric of these runs has more than one value.</p>;
  return <CurveCharts project={project} runs={runs} groups={groups} sync="compared" />;
}
