import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Skeleton } from '../ui/skeleton.tsx';
import { CurveCharts } from './curves/curve-charts.tsx';
import { groupMetrics } from './curve-series.ts';
import { isLive } from './run-state.tsx';
import { metricsWithCurves } from './runs-api.ts';
import styles from './runs.module.css';

const liveMs = 5_000;

/** What the machine did meanwhile is logged under this name and has a page of its own. */
export const systemPrefix = 'system/';

/** The curves of one run: one chart for each measure, training and validation together. Numbers logged once are no curves. */
export function RunCurves({ run, system }: { readonly run: RunWire; readonly system: boolean }) {
  const metrics = useMemo(
    () =>
      Object.keys(run.metrics)
        .filter((name) => name.startsWith(systemPrefix) === system)
        .toSorted(),
    [run.metrics, system],
  );
  const found = useQuery({ ...metricsWithCurves(run.project, [run.id], metrics), refetchInterval: isLive(run) ? liveMs : false });
  const names = found.data === undefined ? '' : [...found.data].toSorted().join('\n');
  const groups = useMemo(
    () =>
      [...groupMetrics(names === '' ? [] : names.split('\n'))].map(([measure, members]) => ({
        title: system ? measure.slice(systemPrefix.length) : measure,
        metrics: members,
      })),
    [names, system],
  );
  const runs = useMemo(() => [{ run, name: run.name, colour: 0 }], [run]);
  if (metrics.length === 0)
    return (
      <p className={styles['note']}>
        {system
          ? 'The run logged nothing about its machine: MLflow does with `mlflow.enable_system_metrics_logging()`.'
          : 'The run logged no metric.'}
      </p>
    );
  if (found.data === undefined) return <Skeleton lines={6} />;
  if (groups.length === 0) return <p className={styles['note']}>Each metric has one value; a curve needs two.</p>;
  return <CurveCharts project={run.project} runs={runs} groups={groups} sync="run-curves" />;
}
