import type { MonitorWire, WindowWire } from '#monitoring/wire.ts';
import { useMemo } from 'react';
import { LineChart } from '../charts/line-chart.tsx';
import type { LineSeries } from '../charts/line-data.ts';
import { Panel, Section } from '../ui/page-header.tsx';
import styles from './monitoring.module.css';
import { driftMethods, hasMetric, limitOf, metricLine, referenceLine } from './window-series.ts';

interface MetricChartsProps {
  readonly monitor: MonitorWire;
  readonly windows: readonly WindowWire[];
}

interface Chart {
  readonly title: string;
  readonly unit?: string;
  readonly series: readonly LineSeries[];
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  readonly nullMeans: string;
}

/** Every measure over the windows; all charts share one cursor. */
export function MetricCharts({ monitor, windows }: MetricChartsProps) {
  const groups = useMemo(() => ({ ...serviceCharts(monitor, windows), ...qualityCharts(monitor, windows) }), [monitor, windows]);
  return Object.entries(groups).map(([title, charts]) => (
    <Section key={title} title={title}>
      <div className={styles['charts']}>
        {charts.map(({ limit, unit, ...chart }) => (
          <Panel key={chart.title}>
            <LineChart
              {...chart}
              {...(limit === undefined ? {} : { limit })}
              {...(unit === undefined ? {} : { unit })}
              xName="window"
              yName={chart.title}
              xKind="time"
              height={160}
              sync="monitor-windows"
            />
          </Panel>
        ))}
      </div>
    </Section>
  ));
}

const noTraffic = 'the window had no predictions';
const noLabels = 'too few labels have come for the window';

function serviceCharts({ rules }: MonitorWire, windows: readonly WindowWire[]): Readonly<Record<string, readonly Chart[]>> {
  const exactly = (name: string) => limitOf(rules, (metric) => metric === name);
  return {
    Traffic: [
      {
        title: 'Predictions per window',
        series: [
          { name: 'predictions', points: windows.map((window) => ({ x: window.start, y: window.predictions })) },
          { name: 'labelled', points: windows.map((window) => ({ x: window.start, y: window.labelled })) },
        ],
        nullMeans: noTraffic,
      },
      { title: 'Error rate', series: [metricLine(windows, 'error_rate')], limit: exactly('error_rate'), nullMeans: noTraffic },
      {
        title: 'Latency',
        unit: 'ms',
        series: [
          metricLine(windows, 'latency_p50_ms', 'p50'),
          metricLine(windows, 'latency_p95_ms', 'p95'),
          metricLine(windows, 'latency_p99_ms', 'p99'),
        ],
        limit: exactly('latency_p99_ms'),
        nullMeans: noTraffic,
      },
    ],
    'Inputs and scores': [
      ...driftMethods(windows)
        .slice(0, 1)
        .map(({ method, features }) => ({
          title: `Drift by feature, ${methodName(method)}`,
          series: features.map((feature) => metricLine(windows, `drift.${method}.${feature}`, feature)),
          limit: limitOf(rules, (metric) => metric.startsWith(`drift.${method}.`)),
          nullMeans: 'the window had too few rows to compare',
        })),
      {
        title: 'Mean score',
        series: [metricLine(windows, 'mean_score', 'mean score'), ...referenceLine(windows, 'mean_score')],
        limit: exactly('mean_score'),
        nullMeans: noTraffic,
      },
      ...['psi', 'jensen_shannon']
        .filter((method) => hasMetric(windows, `score_drift.${method}`))
        .slice(0, 1)
        .map((method) => ({
          title: `Drift of the score, ${methodName(method)}`,
          series: [metricLine(windows, `score_drift.${method}`, 'score')],
          limit: exactly(`score_drift.${method}`),
          nullMeans: noTraffic,
        })),
    ],
  };
}

function qualityCharts({ rules }: MonitorWire, windows: readonly WindowWire[]): Readonly<Record<string, readonly Chart[]>> {
  const exactly = (name: string) => limitOf(rules, (metric) => metric === name);
  const estimated = hasMetric(windows, 'estimated_auc') ? [metricLine(windows, 'estimated_auc', 'estimated')] : [];
  return {
    Quality: [
      {
        title: 'AUC',
        series: [metricLine(windows, 'auc', 'realised'), ...estimated, ...referenceLine(windows, 'auc')],
        limit: exactly('auc'),
        nullMeans: noLabels,
      },
      {
        title: 'Calibration error',
        series: [metricLine(windows, 'calibration_error', 'realised'), ...referenceLine(windows, 'calibration_error')],
        limit: exactly('calibration_error'),
        nullMeans: noLabels,
      },
      {
        title: 'Observed and predicted rate',
        series: [metricLine(windows, 'observed_rate', 'observed'), metricLine(windows, 'predicted_rate', 'predicted')],
        nullMeans: noLabels,
      },
      {
        title: 'Observed over predicted rate',
        series: [metricLine(windows, 'observed_to_predicted', 'ratio')],
        limit: exactly('observed_to_predicted'),
        nullMeans: noLabels,
      },
      {
        title: 'Label coverage',
        series: [metricLine(windows, 'label_coverage', 'share of predictions with a label')],
        limit: exactly('label_coverage'),
        nullMeans: noTraffic,
      },
    ],
  };
}

const methodNames: Readonly<Record<string, string>> = {
  psi: 'PSI',
  jensen_shannon: 'Jensen-Shannon',
  kolmogorov_smirnov: 'Kolmogorov-Smirnov',
  chi_square: 'chi-square',
};

export function methodName(method: string): string {
  return methodNames[method] ?? method;
}
