import type { AlertWire } from '#monitoring/wire.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Link } from '../ui/link.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { AlertState } from './alert-state.tsx';
import styles from './monitoring.module.css';
import { alertPages } from './monitoring-api.ts';
import { trafficTime } from './window-time.ts';

interface AlertTableProps {
  readonly project: string;
  /** Undefined: of every deployment. */
  readonly deployment?: string;
  readonly openKey?: string | undefined;
  readonly onOpen: (alert: AlertWire) => void;
  readonly empty: ReactNode;
  /** Show so many at first, and a button for the rest. */
  readonly first?: number;
}

export function AlertTable({ project, deployment, openKey, onOpen, empty, first }: AlertTableProps) {
  const alerts = useInfiniteQuery(alertPages(project, deployment));
  const columns = useMemo(() => columnsOf(project, deployment === undefined), [project, deployment]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = alerts;
  const readMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const [all, setAll] = useState(first === undefined);
  const read = alerts.data ?? [];
  const rows = all ? read : read.slice(0, first);
  const table = (
    <Table
      label="Alerts"
      columns={columns}
      rows={rows}
      rowKey={(alert) => alert.id}
      onOpen={onOpen}
      openKey={openKey}
      {...(all ? { onEnd: readMore } : {})}
      {...(hasNextPage && all ? { total: rows.length + 1 } : {})}
      tools={false}
      maxHeight="60vh"
      empty={
        alerts.isError ? (
          <ErrorState error={alerts.error} title="The alerts could not be read" onRetry={() => void alerts.refetch()} />
        ) : alerts.isPending ? (
          <Skeleton lines={3} />
        ) : (
          empty
        )
      }
    />
  );
  if (rows.length === read.length) return table;
  return (
    <div className={styles['alerts']}>
      {table}
      <Button onClick={() => setAll(true)}>
        Show all {read.length}
        {hasNextPage ? ' and more' : ''} alerts
      </Button>
    </div>
  );
}

function columnsOf(project: string, withDeployment: boolean): readonly Column<AlertWire>[] {
  const place: Column<AlertWire> = {
    id: 'deployment',
    header: 'Deployment',
    value: (alert) => alert.deployment,
    cell: (alert) => (
      <Link to="/$project/monitoring/$deployment" params={{ project, deployment: alert.deployment }} search={{ alert: alert.id }}>
        {alert.deployment}
      </Link>
    ),
    width: 130,
  };
  return [
    { id: 'state', header: 'State', value: (alert) => alert.state, cell: (alert) => <AlertState alert={alert} />, width: 132 },
    { id: 'rule', header: 'Rule', value: (alert) => alert.rule, width: 228 },
    {
      id: 'severity',
      header: 'Severity',
      value: (alert) => alert.severity,
      cell: (alert) => <Badge tone={alert.severity === 'critical' ? 'failed' : 'warning'}>{alert.severity}</Badge>,
      width: 88,
    },
    ...(withDeployment ? [place] : []),
    { id: 'value', header: 'Value', value: (alert) => alert.value, numeric: true, width: 84 },
    { id: 'threshold', header: 'Threshold', value: (alert) => alert.threshold, numeric: true, width: 92 },
    {
      id: 'fired',
      header: 'Fired at, traffic time',
      value: (alert) => alert.firedAt,
      cell: (alert) => trafficTime(alert.firedAt),
      width: 150,
    },
    {
      id: 'explanation',
      header: 'Explanation',
      value: (alert) => alert.explanation,
      cell: (alert) => <span className={styles['second']}>{alert.explanation}</span>,
      sortable: false,
      grow: true,
      width: 220,
    },
  ];
}
