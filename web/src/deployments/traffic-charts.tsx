import type { PlaceWire } from '#serving/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LineChart } from '../charts/line-chart.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import styles from './deployments.module.css';
import { liveMs, trafficQuery } from './deployments-api.ts';
import { trafficLines } from './traffic-series.ts';

interface TrafficChartsProps {
  readonly project: string;
  readonly deployment: string;
  readonly place: PlaceWire;
}

/** Requests, errors and latency of each revision over time. */
export function TrafficCharts({ project, deployment, place }: TrafficChartsProps) {
  const query = useQuery({ ...trafficQuery(project, deployment, place.environment), refetchInterval: liveMs });
  const series = query.data;
  const lines = useMemo(() => {
    if (series === undefined) return undefined;
    return {
      requests: trafficLines(series, place.revisions, 'requests'),
      errors: trafficLines(series, place.revisions, 'errors'),
      latency: trafficLines(series, place.revisions, 'latency'),
    };
  }, [series, place.revisions]);
  const common = { xName: 'time', xKind: 'time', height: 150, sync: `traffic-${place.environment}` } as const;
  return (
    <Section title={`Traffic in ${place.environment}`}>
      <QueryView query={query} failure="The traffic could not be read" lines={4}>
        {() =>
          lines === undefined || lines.requests.length === 0 ? (
            <p className={styles['note']}>No request was answered yet. Send one with the command above, or try it below.</p>
          ) : (
            <div className={styles['charts']}>
              <Panel>
                <LineChart title="Requests" unit="per s" series={lines.requests} yName="requests per s" {...common} />
              </Panel>
              <Panel>
                <LineChart title="Error rate" series={lines.errors} yName="share" nullMeans="no request" {...common} />
              </Panel>
              <Panel>
                <LineChart title="Latency p99" unit="ms" series={lines.latency} yName="ms" nullMeans="no request" logSwitch {...common} />
              </Panel>
            </div>
          )
        }
      </QueryView>
    </Section>
  );
}
