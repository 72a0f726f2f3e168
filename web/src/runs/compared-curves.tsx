import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LineChart } from '../charts/line-chart.tsx';
import { shortId } from '../ui/format.ts';
import { Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { seriesOf } from './curve-series.ts';
import { isLive } from './run-state.tsx';
import styles from './runs.module.css';
import { curvesQuery } from './runs-api.ts';

/** The same metric of every run in one chart. */
export function ComparedCurves({ project, runs }: { readonly project: string; readonly runs: readonly RunWire[] }) {
  const metrics = useMemo(() => [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].toSorted(), [runs]);
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const curves = useQuery({
    ...curvesQuery(project, ids, metrics),
    enabled: metrics.length > 0,
    refetchInterval: runs.some(isLive) ? 2_000 : false,
  });
  const names = useMemo(() => uniqueNames(runs), [runs]);
  const charts = useMemo(() => {
    const lines = (curves.data?.curves ?? []).filter((curve) => curve.points > 1);
    return [...Map.groupBy(lines, (curve) => curve.metric)].map(([metric, group]) => ({
      metric,
      series: group.map((curve) => seriesOf(curve, names.get(curve.run) ?? curve.run)),
    }));
  }, [curves.data, names]);
  return (
    <Section title="Curves">
      <QueryView query={curves} failure="The curves could not be read" lines={5}>
        {() =>
          charts.length === 0 ? (
            <p className={styles['note']}>No metric of these runs has more than one value.</p>
          ) : (
            <div className={styles['charts']}>
              {charts.map(({ metric, series }) => (
                <Panel key={metric}>
                  <LineChart title={metric} series={series} xName="step" yName={metric} xKind="number" logSwitch sync="compared" />
                </Panel>
              ))}
            </div>
          )
        }
      </QueryView>
    </Section>
  );
}

/** Two runs may have one name; then a piece of the id tells them apart. */
export function uniqueNames(runs: readonly RunWire[]): ReadonlyMap<string, string> {
  const often = Map.groupBy(runs, (run) => run.name);
  return new Map(runs.map((run) => [run.id, (often.get(run.name)?.length ?? 0) > 1 ? `${run.name} (${shortId(run.id)})` : run.name]));
}
