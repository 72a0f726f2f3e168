import type { AlertWire, MonitorWire, WindowWire } from '#monitoring/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { BellOff, Check } from 'lucide-react';
import { useMemo, useState } from 'react';
import { LineChart } from '../charts/line-chart.tsx';
import { ActionDialog } from '../ui/action-dialog.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { formatExact, formatNumber, shortId } from '../ui/format.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { Section } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { AlertState } from './alert-state.tsx';
import { acknowledgeCommand, silenceCommand } from './commands.ts';
import styles from './monitoring.module.css';
import { retrainingsQuery, useAcknowledge, useSilence } from './monitoring-api.ts';
import { metricLine } from './window-series.ts';
import { trafficTime } from './window-time.ts';

interface AlertDetailsProps {
  readonly project: string;
  readonly alert: AlertWire;
  readonly monitor: MonitorWire;
  readonly windows: readonly WindowWire[];
}

/** Why an alert fired, who has seen it, and what followed. */
export function AlertDetails({ project, alert, monitor, windows }: AlertDetailsProps) {
  const [open, setOpen] = useState<'acknowledge' | 'silence'>();
  const rule = monitor.rules.find(({ name }) => name === alert.rule);
  const silences = monitor.silences.filter((silence) => silence.rule === alert.rule);
  const close = () => setOpen(undefined);
  return (
    <>
      <p className={styles['lead']}>{alert.explanation}</p>
      <div className={styles['buttons']}>
        {alert.state === 'firing' && (
          <Button look="primary" icon={<Check size={13} aria-hidden />} onClick={() => setOpen('acknowledge')}>
            Acknowledge
          </Button>
        )}
        <Button icon={<BellOff size={13} aria-hidden />} onClick={() => setOpen('silence')}>
          Silence rule
        </Button>
      </div>
      <Course alert={alert} windows={windows} />
      <Section title="Alert">
        <KeyValues
          items={[
            { key: 'State', value: <AlertState alert={alert} /> },
            { key: 'Severity', value: alert.severity },
            { key: 'Value', value: alert.value === undefined ? '–' : formatNumber(alert.value) },
            { key: 'Threshold', value: alert.threshold === undefined ? '–' : formatNumber(alert.threshold) },
            ...(rule === undefined
              ? [{ key: 'Rule', value: 'no longer in ripen.yaml' }]
              : [
                  {
                    key: 'Fires after',
                    value: `${rule.consecutiveWindows} bad ${rule.consecutiveWindows === 1 ? 'window' : 'windows'} in a row, resolves after ${rule.resolveAfter} good`,
                  },
                ]),
            { key: 'First bad window', value: trafficTime(alert.since) },
            { key: 'Fired', value: trafficTime(alert.firedAt) },
            ...(alert.resolvedAt === undefined ? [] : [{ key: 'Resolved', value: trafficTime(alert.resolvedAt) }]),
            { key: 'Found', value: <RelativeTime time={alert.createdAt} /> },
            {
              key: 'Told',
              value: alert.toldAt === undefined ? 'not yet: a silence holds it back' : <RelativeTime time={alert.toldAt} />,
            },
            ...(alert.acknowledgement === undefined
              ? []
              : [
                  {
                    key: 'Acknowledged',
                    value: (
                      <>
                        {alert.acknowledgement.by.name} <RelativeTime time={alert.acknowledgement.at} /> {alert.acknowledgement.note}
                      </>
                    ),
                  },
                ]),
          ]}
        />
      </Section>
      {silences.map((silence) => (
        <p key={silence.id} className={styles['second']}>
          <Badge tone="warning">silenced</Badge> until {formatExact(silence.until)} by {silence.by.name}: {silence.reason}
        </p>
      ))}
      <Followed project={project} alert={alert} />
      {open === 'acknowledge' && <AcknowledgeDialog project={project} alert={alert} onClose={close} />}
      {open === 'silence' && <SilenceDialog project={project} alert={alert} onClose={close} />}
    </>
  );
}

/** The metric of the alert over the windows around it, against its threshold. */
function Course({ alert, windows }: { readonly alert: AlertWire; readonly windows: readonly WindowWire[] }) {
  const series = useMemo(() => [metricLine(windows, alert.metric.replace(/\*$/, ''))], [windows, alert.metric]);
  const { threshold } = alert;
  const limit = useMemo(() => (threshold === undefined ? undefined : { value: threshold, label: `threshold ${threshold}` }), [threshold]);
  return (
    <div className={styles['course']}>
      <LineChart
        title={alert.metric}
        series={series}
        xName="window"
        yName={alert.metric}
        xKind="time"
        height={140}
        nullMeans="the window has no such value"
        {...(limit === undefined ? {} : { limit })}
      />
    </div>
  );
}

function Followed({ project, alert }: { readonly project: string; readonly alert: AlertWire }) {
  const retrainings = useQuery(retrainingsQuery(project));
  const caused = retrainings.data?.items.filter(({ data }) => data.alert === alert.id) ?? [];
  return (
    <Section title="What followed">
      {caused.length === 0 ? (
        <p className={styles['note']}>No pipeline run was started by this alert.</p>
      ) : (
        <KeyValues
          items={caused.map(({ number, time, data }) => ({
            key: `Retraining`,
            value: (
              <>
                {data.pipelineRun !== undefined && (
                  <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: data.pipelineRun }}>
                    {data.pipeline} {shortId(data.pipelineRun)}
                  </Link>
                )}{' '}
                <RelativeTime time={time} />, because of{' '}
                <Link to="/$project/events" params={{ project }} search={{ number: data.event ?? number }}>
                  event {data.event ?? number}
                </Link>
              </>
            ),
          }))}
        />
      )}
    </Section>
  );
}

interface DialogProps {
  readonly project: string;
  readonly alert: AlertWire;
  readonly onClose: () => void;
}

function AcknowledgeDialog({ project, alert, onClose }: DialogProps) {
  const [note, setNote] = useState('');
  const acknowledge = useAcknowledge(project, alert.id);
  return (
    <ActionDialog
      title={`Acknowledge ${alert.rule}`}
      description="Says that somebody has seen it and takes care. It goes on to count as firing until its windows are good again."
      verb="Acknowledge"
      command={acknowledgeCommand(project, alert.id, note)}
      busy={acknowledge.isPending}
      error={acknowledge.error}
      onClose={onClose}
      onConfirm={() => acknowledge.mutate(note.trim(), { onSuccess: onClose })}
    >
      <TextField label="Note" value={note} onChange={setNote} help="What is being done." />
    </ActionDialog>
  );
}

const hour = 3_600_000;
const silenceTimes = [
  { value: '1h', label: 'One hour', length: hour },
  { value: '8h', label: '8 hours', length: 8 * hour },
  { value: '24h', label: 'One day', length: 24 * hour },
  { value: '7d', label: '7 days', length: 168 * hour },
] as const;

function SilenceDialog({ project, alert, onClose }: DialogProps) {
  const [time, setTime] = useState<(typeof silenceTimes)[number]['value']>('8h');
  const [reason, setReason] = useState('');
  const silence = useSilence(project, alert.rule);
  const length = silenceTimes.find(({ value }) => value === time)?.length ?? hour;
  return (
    <ActionDialog
      title={`Silence ${alert.rule}`}
      description="The rule tells nobody for this time, and starts no pipeline. What still fires when it ends is told then."
      verb="Silence"
      command={silenceCommand(project, alert.rule, time, reason)}
      busy={silence.isPending}
      error={silence.error}
      disabled={reason.trim() === ''}
      onClose={onClose}
      onConfirm={() => silence.mutate({ until: Date.now() + length, reason: reason.trim() }, { onSuccess: onClose })}
    >
      <Select label="For" choices={silenceTimes} value={time} onChange={setTime} />
      <TextField label="Reason" value={reason} onChange={setReason} help="Goes into the event log." required />
    </ActionDialog>
  );
}
