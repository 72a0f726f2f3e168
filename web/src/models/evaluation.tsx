import { useQuery } from '@tanstack/react-query';
import type { EvaluationWire } from '#registry/wire.ts';
import { CalibrationChart } from '../charts/calibration-chart.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatNumber } from '../ui/format.ts';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { againstBaseline, type BaselineRow, mainMetric, metricText, metricWords, otherMetrics } from './metrics.ts';
import { evaluationQuery, type VersionAddress } from './model-queries.ts';
import styles from './models.module.css';
import { Slices } from './slices.tsx';

/** What a version scored on rows that it did not see. */
export function Evaluation({ of }: { readonly of: VersionAddress }) {
  const evaluation = useQuery(evaluationQuery(of));
  return (
    <QueryView query={evaluation} failure="The evaluation could not be read">
      {({ evaluation: data }) =>
        data === undefined ? (
          <EmptyState title="This version was not evaluated">
            Let the pipeline register an evaluation.json with the model: metrics, calibration, slices. Gates refuse what was not evaluated.
          </EmptyState>
        ) : (
          <Whole data={data} />
        )
      }
    </QueryView>
  );
}

function Whole({ data }: { readonly data: EvaluationWire }) {
  const compared = againstBaseline(data.metrics);
  const others = otherMetrics(data.metrics);
  const main = mainMetric(data.metrics);
  return (
    <div className={styles['evaluation']}>
      <div className={styles['column']}>
        {compared.length > 0 && (
          <Panel>
            <h2>Against the baseline</h2>
            <BaselineTable rows={compared} />
          </Panel>
        )}
        {others.length > 0 && (
          <Panel>
            <h2>Measured</h2>
            <dl className={styles['figures']}>
              {others.map(([name, value]) => (
                <div key={name}>
                  <dt>{metricWords(name)}</dt>
                  <dd>{value === null ? 'not computable' : metricText(value)}</dd>
                </div>
              ))}
            </dl>
          </Panel>
        )}
        {data.trained_on !== undefined && (
          <Panel>
            <h2>{data.rows === undefined ? 'Periods' : `Evaluated on ${formatCount(data.rows)} rows`}</h2>
            <dl className={styles['figures']}>
              {Object.entries(data.trained_on).map(([name, value]) => (
                <div key={name}>
                  <dt>{metricWords(name)}</dt>
                  <dd>{typeof value === 'number' ? formatCount(value) : typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </Panel>
        )}
      </div>
      <div className={styles['column']}>
        {data.calibration !== undefined && (
          <Panel>
            <CalibrationChart title="Calibration" bins={data.calibration} />
          </Panel>
        )}
        {data.slices !== undefined && data.slices.length > 0 && (
          <Slices slices={data.slices} metric={main?.name ?? 'auc'} overall={main?.value ?? undefined} />
        )}
      </div>
    </div>
  );
}

function BaselineTable({ rows }: { readonly rows: readonly BaselineRow[] }) {
  const figure = (value: number | null) => (value === null ? '–' : metricText(value));
  return (
    <table className={styles['baseline']} aria-label="Against the baseline">
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col">Model</th>
          <th scope="col">Baseline</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, model, baseline, better }) => (
          <tr key={name}>
            <th scope="row">{metricWords(name)}</th>
            <td>{figure(model)}</td>
            <td>{figure(baseline)}</td>
            <td>{model !== null && baseline !== null && <Difference value={model - baseline} better={better} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Difference({ value, better }: { readonly value: number; readonly better: boolean | undefined }) {
  const text = `${value > 0 ? '+' : value < 0 ? '−' : ''}${formatNumber(Math.abs(value), 3)}`;
  if (better === undefined) return <>{text}</>;
  return <StateMark state={better ? 'ok' : 'warning'} word={`${text}, ${better ? 'better' : 'worse'}`} />;
}
