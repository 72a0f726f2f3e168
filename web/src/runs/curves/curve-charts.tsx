import type { RunWire } from '#tracking/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { LineChart } from '../../charts/line-chart.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/page-header.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { isLive } from '../run-state.tsx';
import { curvesQuery } from '../runs-api.ts';
import styles from '../runs.module.css';
import { CurveControls } from './curve-controls.tsx';
import { type CurveName, curveLines, type CurveSettings, plainSettings } from './curve-lines.ts';

export interface ChartGroup {
  /** Heading of the chart. */
  readonly title: string;
  readonly metrics: readonly string[];
}

export interface CurveRun {
  readonly run: RunWire;
  readonly name: string;
  readonly colour: number;
}

interface CurveChartsProps {
  readonly project: string;
  readonly runs: readonly CurveRun[];
  readonly groups: readonly ChartGroup[];
  /** Charts with one key share their cursor. */
  readonly sync: string;
}

const firstCharts = 24;
const liveMs = 2_000;

/** Charts of metrics with one set of switches; each reads its curves when it comes into sight. */
export function CurveCharts({ project, runs, groups, sync }: CurveChartsProps) {
  const [settings, setSettings] = useState<CurveSettings>(plainSettings);
  const drawn = useDeferredValue(settings);
  const [text, setText] = useState('');
  const [most, setMost] = useState(firstCharts);
  const wanted = text.trim().toLowerCase();
  const fitting = groups.filter(({ title, metrics }) => [title, ...metrics].some((name) => name.toLowerCase().includes(wanted)));
  return (
    <>
      <CurveControls settings={settings} onChange={setSettings} text={text} onText={setText} />
      {fitting.length === 0 && <p className={styles['note']}>No metric has that in its name.</p>}
      <div className={styles['charts']}>
        {fitting.slice(0, most).map((group) => (
          <CurveChart key={group.title} project={project} runs={runs} group={group} settings={drawn} sync={sync} />
        ))}
      </div>
      {fitting.length > most && (
        <p className={styles['more']}>
          <Button onClick={() => setMost(most + firstCharts)}>Show {Math.min(firstCharts, fitting.length - most)} more charts</Button>
        </p>
      )}
    </>
  );
}

interface CurveChartProps {
  readonly project: string;
  readonly runs: readonly CurveRun[];
  readonly group: ChartGroup;
  readonly settings: CurveSettings;
  readonly sync: string;
}

function CurveChart({ project, runs, group, settings, sync }: CurveChartProps) {
  const { ref, seen } = useSeen();
  const [zoom, setZoom] = useState<{ readonly from: number; readonly to: number }>();
  const [zoomedOn, setZoomedOn] = useState(settings.x);
  if (zoomedOn !== settings.x) {
    setZoomedOn(settings.x);
    setZoom(undefined);
  }
  const ids = useMemo(() => runs.map(({ run }) => run.id), [runs]);
  const axis = settings.x === 'step' ? 'step' : 'time';
  const live = runs.some(({ run }) => isLive(run)) ? liveMs : false;
  const whole = useQuery({ ...curvesQuery(project, ids, group.metrics, { axis }), enabled: seen, refetchInterval: live });
  // A thinned curve is read again, finer, for the part that somebody looks at; relative time has no one place in the clock.
  const finer = zoom !== undefined && settings.x !== 'relative' && whole.data?.curves.some((curve) => curve.sampled) === true;
  const part = useQuery({
    ...curvesQuery(project, ids, group.metrics, { axis, from: Math.floor(zoom?.from ?? 0), to: Math.ceil(zoom?.to ?? 0) }),
    enabled: seen && finer,
  });
  const curves = finer && part.data !== undefined && !part.isPlaceholderData ? part.data.curves : whole.data?.curves;
  const names = useNames(runs, group);
  const series = useMemo(() => curveLines(curves ?? [], names, settings), [curves, names, settings]);
  const [shown, setShown] = useState(0);
  const showAll = () => {
    setZoom(undefined);
    setShown(shown + 1);
  };
  const onZoom = useCallback((range: { from: number; to: number } | undefined) => setZoom(range), []);
  return (
    <div ref={ref}>
      <Panel>
        {whole.isError ? (
          <ErrorState error={whole.error} title={`${group.title} could not be read`} onRetry={() => void whole.refetch()} />
        ) : curves === undefined ? (
          <div className={styles['chartRoom']}>
            <Skeleton lines={4} />
          </div>
        ) : (
          <LineChart
            key={shown}
            title={group.title}
            series={series}
            xName="step"
            yName={group.title}
            xKind={settings.x === 'step' ? 'number' : settings.x === 'time' ? 'time' : 'duration'}
            scale={settings.log ? 'log' : 'linear'}
            sync={`${sync} ${settings.x}`}
            nullMeans="the value was NaN"
            onZoom={onZoom}
            legend={runs.length < 5}
            actions={
              zoom !== undefined && (
                <Button look="plain" onClick={showAll}>
                  Whole curve
                </Button>
              )
            }
          />
        )}
      </Panel>
    </div>
  );
}

/** One run: lines are metrics, coloured in their order. Several: lines are runs, each in its own colour everywhere. */
function useNames(runs: readonly CurveRun[], group: ChartGroup) {
  return useMemo(() => {
    const byRun = new Map(runs.map((one) => [one.run.id, one]));
    return ({ run, metric }: { readonly run: string; readonly metric: string }): CurveName | undefined => {
      const one = byRun.get(run);
      if (one === undefined) return undefined;
      const { startedAt } = one.run;
      if (runs.length === 1) return { name: metric, colour: group.metrics.indexOf(metric), startedAt };
      return { name: group.metrics.length > 1 ? `${one.name}, ${metric}` : one.name, colour: one.colour, startedAt };
    };
  }, [runs, group]);
}

/** Whether the element has ever come near the part of the page that is seen. */
function useSeen() {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || seen) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: '300px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return { ref, seen };
}
