import type { AlertWire, MonitorWire } from '#monitoring/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';

export function AlertState({ alert }: { readonly alert: Pick<AlertWire, 'state' | 'severity'> }) {
  const shapes: Readonly<Record<AlertWire['state'], State>> = {
    firing: alert.severity === 'critical' ? 'failed' : 'warning',
    acknowledged: 'warning',
    resolved: 'ok',
    withdrawn: 'off',
  };
  return <StateMark state={shapes[alert.state]} word={alert.state} />;
}

/** How a monitored deployment stands, by what fires. */
export function MonitorState({ monitor }: { readonly monitor: MonitorWire }) {
  const critical = monitor.firing.some((alert) => alert.severity === 'critical');
  if (monitor.firing.length > 0) return <StateMark state={critical ? 'failed' : 'warning'} word={`${monitor.firing.length} firing`} />;
  if (monitor.latest === undefined) return <StateMark state="unknown" word="no window yet" />;
  return <StateMark state="ok" word="nothing fires" />;
}
