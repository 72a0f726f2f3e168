import type { GateCheckWire, GateWire } from '#delivery/wire.ts';
import { Badge } from '../ui/badge.tsx';
import { formatNumber } from '../ui/format.ts';
import { Section } from '../ui/page-header.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { Bytes, RelativeTime } from '../ui/values.tsx';
import styles from './deployments.module.css';

/** What one gate asked, found and decided. */
export function GatePanel({ gate }: { readonly gate: GateWire }) {
  const { measurements } = gate;
  return (
    <Section
      title={`Gate of ${gate.environment}`}
      note={
        <>
          <StateMark state={gate.outcome === 'passed' ? 'ok' : 'failed'} word={gate.outcome} /> <RelativeTime time={gate.time} />
          {gate.comparedWith !== undefined && `, compared with version ${gate.comparedWith}`}
          {gate.approvalsNeeded > 0 && `, ${gate.approvals} of ${gate.approvalsNeeded} approvals`}
        </>
      }
    >
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label={`Checks of the gate of ${gate.environment}, scrollable`}>
        <table className={styles['plainTable']}>
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col" className={styles['number']}>
                Value
              </th>
              <th scope="col" className={styles['number']}>
                Threshold
              </th>
              <th scope="col">Gain and its interval</th>
              <th scope="col">Explanation</th>
            </tr>
          </thead>
          <tbody>
            {gate.checks.map((check) => (
              <tr key={check.name}>
                <td>
                  <StateMark
                    state={check.outcome === 'passed' ? 'ok' : check.missing === true ? 'unknown' : 'failed'}
                    word={check.name.replaceAll('_', ' ')}
                  />
                  {check.missing === true && <Badge tone="warning">could not be asked</Badge>}
                </td>
                <td className={styles['number']}>{check.value === undefined ? '–' : formatNumber(check.value)}</td>
                <td className={styles['number']}>{check.threshold === undefined ? '–' : formatNumber(check.threshold)}</td>
                <td>{check.comparison === undefined ? '' : <Interval comparison={check.comparison} threshold={check.threshold} />}</td>
                <td className={styles['explanation']}>{check.explanation}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {measurements !== undefined && (
        <p className={styles['note']}>
          Measured on {measurements.rows.toLocaleString('en')} rows
          {measurements.latencyP50Ms !== undefined && `; one row p50 ${formatNumber(measurements.latencyP50Ms, 3)} ms`}
          {measurements.latencyP99Ms !== undefined && `, p99 ${formatNumber(measurements.latencyP99Ms, 3)} ms`}
          {measurements.sizeBytes !== undefined && (
            <>
              ; <Bytes bytes={measurements.sizeBytes} />
            </>
          )}
        </p>
      )}
    </Section>
  );
}

const width = 120;
const height = 18;

/** The gain of the candidate as a dot on its confidence interval; the line is no difference, the dashed one the threshold. */
function Interval({
  comparison,
  threshold,
}: {
  readonly comparison: NonNullable<GateCheckWire['comparison']>;
  readonly threshold: number | undefined;
}) {
  const { lower, upper, gain, candidate, opponent, confidence } = comparison;
  const reach = Math.max(Math.abs(lower), Math.abs(upper), Math.abs(threshold ?? 0), 1e-9) * 1.1;
  const x = (value: number) => ((value + reach) / (2 * reach)) * width;
  const text = `${formatNumber(gain, 3)}, ${formatNumber(confidence * 100, 3)} % between ${formatNumber(lower, 3)} and ${formatNumber(upper, 3)}`;
  return (
    <span className={styles['interval']}>
      <svg width={width} height={height} role="img" aria-label={`Gain ${text}`}>
        <line x1={x(0)} x2={x(0)} y1="0" y2={height} className={styles['zero']} />
        {threshold !== undefined && threshold !== 0 && (
          <line x1={x(threshold)} x2={x(threshold)} y1="0" y2={height} className={styles['limit']} />
        )}
        <line x1={x(lower)} x2={x(upper)} y1={height / 2} y2={height / 2} className={styles['range']} />
        <circle cx={x(gain)} cy={height / 2} r="3.500" className={styles['gain']} />
      </svg>
      <span className={styles['note']}>
        {formatNumber(candidate)} against {formatNumber(opponent)}: {text}
      </span>
    </span>
  );
}
