import type { RunWire } from '#tracking/wire.ts';
import { Section } from '../ui/page-header.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import styles from './runs.module.css';
import { numberOf } from './metric-value.ts';

interface Named {
  readonly name: string;
  readonly value: string | number | undefined;
}

const metricColumns: readonly Column<Named>[] = [
  { id: 'name', header: 'Metric', value: (row) => row.name, grow: true, width: 120 },
  { id: 'value', header: 'Latest', value: (row) => row.value, numeric: true, width: 110 },
];
const parameterColumns: readonly Column<Named>[] = [
  { id: 'name', header: 'Parameter', value: (row) => row.name, grow: true, width: 120 },
  { id: 'value', header: 'Value', value: (row) => row.value, width: 140 },
];

/** The latest value of each metric, and each parameter. What the machine did has a page of its own. */
export function RunFigures({ run }: { readonly run: RunWire }) {
  const metrics = Object.entries(run.metrics)
    .filter(([name]) => !name.startsWith('system/'))
    .map(([name, value]) => ({ name, value: numberOf(value) }));
  const parameters = Object.entries(run.parameters).map(([name, value]) => ({ name, value }));
  return (
    <>
      <div className={styles['charts']}>
        <Section title="Metrics">
          {metrics.length === 0 ? (
            <p className={styles['note']}>The run logged no metric.</p>
          ) : (
            <Table label="Metrics" columns={metricColumns} rows={metrics} rowKey={(row) => row.name} tools={false} maxHeight={340} />
          )}
        </Section>
        <Section title="Parameters">
          {parameters.length === 0 ? (
            <p className={styles['note']}>The run logged no parameter.</p>
          ) : (
            <Table
              label="Parameters"
              columns={parameterColumns}
              rows={parameters}
              rowKey={(row) => row.name}
              tools={false}
              maxHeight={340}
            />
          )}
        </Section>
      </div>
    </>
  );
}
