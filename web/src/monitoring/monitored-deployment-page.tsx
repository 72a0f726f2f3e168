import type { AlertWire, MonitorWire, WindowWire } from '#monitoring/wire.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { counted } from '../charts/chart-model.ts';
import { CommandLine } from '../ui/command-line.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { startOf, TimeRange, type TimeRangeName, timeRanges } from '../ui/time-range.tsx';
import { AlertDetails } from './alert-details.tsx';
import { MonitorState } from './alert-state.tsx';
import { AlertTable } from './alert-table.tsx';
import { labelCommand, windowsCommand } from './commands.ts';
import { MetricCharts } from './metric-charts.tsx';
import styles from './monitoring.module.css';
import { alertPages, monitorsQuery, windowsQuery } from './monitoring-api.ts';
import { lastWindows } from './window-series.ts';
import { WindowTable } from './window-table.tsx';
import { lengthName, trafficTime } from './window-time.ts';

/** Charts shall be in sight below them. */
const firstAlerts = 5;

const route = getRouteApi('/$project/monitoring/$deployment');

export function MonitoredDeploymentPage() {
  const { project, deployment } = route.useParams();
  const monitors = useQuery(monitorsQuery(project));
  const windows = useQuery(windowsQuery(project, deployment));
  const monitor = monitors.data?.items.find((candidate) => candidate.deployment === deployment);
  return (
    <>
      <PageHeader
        title={deployment}
        path={
          <Link to="/$project/monitoring" params={{ project }}>
            Monitoring
          </Link>
        }
        marks={monitor !== undefined && <MonitorState monitor={monitor} />}
        description={
          monitor !== undefined && (
            <>
              <Link to="/$project/deployments/$deployment" params={{ project, deployment }}>
                {monitor.model} version {monitor.version}
              </Link>
              , windows of {lengthName(monitor.window)}, labels expected within {lengthName(monitor.labelDelay)}
            </>
          )
        }
        actions={<CommandLine command={windowsCommand(project, deployment)} />}
      />
      <QueryView query={monitors} failure="The monitor could not be read" lines={12}>
        {() =>
          monitor === undefined ? (
            <EmptyState title={`${deployment} is not monitored`} command={`ripen deploy status --project ${project}`}>
              A monitor begins with the first revision in production.
            </EmptyState>
          ) : (
            <QueryView query={windows} failure="The windows could not be read" lines={12}>
              {({ items }) => <Watch project={project} monitor={monitor} all={items} />}
            </QueryView>
          )
        }
      </QueryView>
    </>
  );
}

interface WatchProps {
  readonly project: string;
  readonly monitor: MonitorWire;
  readonly all: readonly WindowWire[];
}

function Watch({ project, monitor, all }: WatchProps) {
  const { range: named, alert: openAlert } = route.useSearch();
  const navigate = route.useNavigate();
  const range = timeRanges.find((name) => name === named) ?? 'all';
  const alerts = useInfiniteQuery(alertPages(project, monitor.deployment));
  const alert = alerts.data?.find(({ id }) => id === openAlert);
  const windows = useMemo(() => lastWindows(all, -(startOf(range, 0) ?? -Infinity)), [all, range]);
  const change = (part: { range?: string | undefined; alert?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  const choose = (next: TimeRangeName) => change({ range: next === 'all' ? undefined : next });
  const last = all.at(-1);
  return (
    <SplitPane
      detailsTitle={alert?.rule ?? ''}
      onClose={() => change({ alert: undefined })}
      details={alert === undefined ? undefined : <AlertDetails project={project} alert={alert} monitor={monitor} windows={all} />}
    >
      <Section title="Alerts" note={counted(monitor.rules.length, 'rule')}>
        <AlertTable
          project={project}
          deployment={monitor.deployment}
          openKey={openAlert}
          first={firstAlerts}
          onOpen={(opened: AlertWire) => change({ alert: opened.id })}
          empty={<p className={styles['note']}>No alert has fired.</p>}
        />
      </Section>
      {last === undefined ? (
        <EmptyState title="No window was evaluated yet" command={labelCommand(project, monitor.deployment)}>
          Predictions received so far: {formatCount(monitor.received.predictions)}. Windows appear a few seconds after the first of them;
          quality appears when labels come.
        </EmptyState>
      ) : (
        <>
          <div className={styles['range']}>
            <TimeRange value={range} onChange={choose} />
            <span className={styles['note']}>
              {counted(windows.length, 'window')} up to {trafficTime(last.end)}, time of the traffic
            </span>
          </div>
          <MetricCharts monitor={monitor} windows={windows} />
          <Section title="Windows">
            <WindowTable project={project} deployment={monitor.deployment} windows={windows} />
          </Section>
        </>
      )}
      <Received monitor={monitor} />
    </SplitPane>
  );
}

function Received({ monitor }: { readonly monitor: MonitorWire }) {
  const { received } = monitor;
  const losses = received.corrupt + received.misdated + received.damagedFiles;
  return (
    <p className={styles['note']}>
      Received {counted(received.predictions, 'prediction')} in {counted(received.segments, 'segment')}.
      {losses > 0 &&
        ` ${formatCount(received.corrupt)} lines were unreadable, ${formatCount(received.misdated)} had an impossible time, ${formatCount(received.damagedFiles)} files were damaged.`}
      {received.lastProblem !== undefined && ` Last problem: ${received.lastProblem}`}
    </p>
  );
}
