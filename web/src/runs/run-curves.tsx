import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LineChart } from '../charts/line-chart.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { groupMetrics, seriesOf } from './curve-series.ts';
import { isLive } from './run-state.tsx';
import styles from './runs.module.css';
import { curvesQuery } from './runs-api.ts';

const liveMs = 2_000;

/** The curves of one run: one chart for each measure, training and validation together. Numbers logged once are not curves. */
export function RunCurves({ run }: { readonly run: RunWire }) {
  const metrics = useMemo(() => Object.keys(run.metrics).toSorted(), [run.metrics]);
  const curves = useQuery({
    ...curvesQuery(run.project, [run.id], metrics),
    enabled: metrics.length > 0,
    refetchInterval: isLive(run) ? liveMs : false,
  });
  if (metrics.length === 0) return null;
  return (
    <Section title="Curves" note={isLive(run) ? 'live' : undefined}>
      <QueryView query={curves} failure="The curves could not be read" lines={5}>
        {({ curves: all }) => <Charts curves={all.filter((curve) => curve.points > 1)} />}
      </QueryView>
    </Section>
  );
}

type Curves = Parameters<typeof seriesOf>[0][];

function Charts({ curves }: { readonly curves: Curves }) {
  const groups = useMemo(() => {
    const byMetric = new Map(curves.map((curve) => [curve.metric, seriesOf(curve, curve.metric)]));
    return [...groupMetrics([...byMetric.keys()])].map(([measure, names]) => ({
      measure,
      series: names.flatMap((name) => byMetric.get(name) ?? []),
    }));
  }, [curves]);
  if (groups.length === 0) return <p className={styles['note']}>Each metric has one value; a curve needs two.</p>;
  return (
    <div className={styles['charts']}>
      {groups.map(({ measure, series }) => (
        <Panel key={measure}>
          <LineChart
            title={measure}
            series={series}
            xName="step"
            yName={measure}
            xKind="number"
            logSwitch
            sync="run-curves"
            nullMeans="the value was NaN"
          />
        </Panel>
      ))}
    </div>
  );
}
