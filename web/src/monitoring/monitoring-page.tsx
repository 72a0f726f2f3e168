import type { MonitorWire } from '#monitoring/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Sparkline } from '../charts/sparkline.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatNumber, formatShare } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Missing } from '../ui/values.tsx';
import { MonitorState } from './alert-state.tsx';
import { AlertTable } from './alert-table.tsx';
import styles from './monitoring.module.css';
import { monitorsQuery, windowsQuery } from './monitoring-api.ts';
import { Drifted } from './window-table.tsx';
import { windowName } from './window-time.ts';

const route = getRouteApi('/$project/monitoring');

export function MonitoringPage() {
  const { project } = route.useParams();
  const navigate = route.useNavigate();
  const monitors = useQuery(monitorsQuery(project));
  return (
    <>
      <PageHeader title="Monitoring" description="Traffic, drift and quality of what is in production, window by window." />
      <QueryView query={monitors} failure="The monitors could not be read">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is monitored yet" command={`ripen deploy --help`}>
              A deployment is watched from its first revision in production. Release a model version first.
            </EmptyState>
          ) : (
            <>
              <div className={styles['cards']}>
                {items.map((monitor) => (
                  <MonitorCard key={monitor.deployment} project={project} monitor={monitor} />
                ))}
              </div>
              <Section title="Alerts">
                <AlertTable
                  project={project}
                  onOpen={(alert) =>
                    void navigate({
                      to: '/$project/monitoring/$deployment',
                      params: { project, deployment: alert.deployment },
                      search: { alert: alert.id },
                    })
                  }
                  empty={<p className={styles['note']}>No alert has fired in this project.</p>}
                />
              </Section>
            </>
          )
        }
      </QueryView>
    </>
  );
}

const sparkWindows = 60;

function MonitorCard({ project, monitor }: { readonly project: string; readonly monitor: MonitorWire }) {
  const windows = useQuery(windowsQuery(project, monitor.deployment)).data?.items.slice(-sparkWindows) ?? [];
  const { latest } = monitor;
  const labelled = windows.findLast((window) => window.metrics['auc'] !== undefined);
  const course = (metric: string) => windows.map((window) => window.metrics[metric] ?? null);
  return (
    <article className={styles['card']} aria-label={`Monitor of ${monitor.deployment}`}>
      <header className={styles['cardHead']}>
        <h2 className={styles['cardTitle']}>
          <Link to="/$project/monitoring/$deployment" params={{ project, deployment: monitor.deployment }}>
            {monitor.deployment}
          </Link>
        </h2>
        <MonitorState monitor={monitor} />
      </header>
      <p className={styles['second']}>
        {monitor.model} version {monitor.version}; {formatCount(monitor.received.predictions)} predictions in{' '}
        {formatCount(monitor.windows.complete + monitor.windows.closed + monitor.windows.open)} windows
        {latest !== undefined && `, the latest ${windowName(latest.start, latest.end)}`}
      </p>
      <dl className={styles['figures']}>
        <Figure name="Predictions" course={windows.map((window) => window.predictions)}>
          {latest === undefined ? <Missing why="no window yet" /> : formatCount(latest.predictions)}
        </Figure>
        <Figure name="Errors" course={course('error_rate')}>
          {latest?.metrics['error_rate'] === undefined ? (
            <Missing why="no predictions in the latest window" />
          ) : (
            formatShare(latest.metrics['error_rate'], 2)
          )}
        </Figure>
        <Figure name="AUC" course={course('auc')}>
          {labelled?.metrics['auc'] === undefined ? <Missing why="no labels yet" /> : formatNumber(labelled.metrics['auc'], 3)}
        </Figure>
        <Figure name="Observed over predicted" course={course('observed_to_predicted')}>
          {labelled?.metrics['observed_to_predicted'] === undefined ? (
            <Missing why="no labels yet" />
          ) : (
            formatNumber(labelled.metrics['observed_to_predicted'], 3)
          )}
        </Figure>
      </dl>
      {latest !== undefined && latest.drifted.length > 0 && (
        <div className={styles['badges']}>
          Drifted <Drifted window={latest} />
        </div>
      )}
    </article>
  );
}

interface FigureProps {
  readonly name: string;
  readonly course: readonly (number | null)[];
  readonly children: ReactNode;
}

function Figure({ name, course, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children} {course.length > 1 && <Sparkline label={`${name} over ${course.length} windows`} values={course} />}
      </dd>
    </div>
  );
}
