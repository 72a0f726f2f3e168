import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { RowPageWire } from '#data/wire.ts';
import { useMemo } from 'react';
import { Button } from '../ui/button.tsx';
import { formatCount } from '../ui/format.ts';
import { Toolbar } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { rowsQuery, type SnapshotAddress } from './data-queries.ts';

const route = getRouteApi('/$project/data/$dataset');
const pageSize = 100;

interface Row {
  readonly number: number;
  readonly values: readonly unknown[];
}

/** Rows as they were loaded, a page at a time. */
export function Rows({ at }: { readonly at: SnapshotAddress }) {
  const { offset = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const page = useQuery({ ...rowsQuery(at, { offset, limit: pageSize }), placeholderData: keepPreviousData });
  const go = (next: number) => void navigate({ search: (old) => ({ ...old, offset: next <= 0 ? undefined : next }), resetScroll: false });
  return (
    <QueryView query={page} failure="The rows could not be read">
      {(data) => (
        <>
          <Toolbar label="Pages of rows">
            <Button icon={<ChevronLeft size={14} aria-hidden />} disabled={offset === 0} onClick={() => go(Math.max(0, offset - pageSize))}>
              Previous
            </Button>
            <Button
              icon={<ChevronRight size={14} aria-hidden />}
              disabled={offset + pageSize >= data.total}
              onClick={() => go(offset + pageSize)}
            >
              Next
            </Button>
            <span>
              {data.total === 0
                ? 'no rows'
                : `rows ${formatCount(offset + 1)} to ${formatCount(Math.min(offset + pageSize, data.total))} of ${formatCount(data.total)}`}
            </span>
          </Toolbar>
          <Preview page={data} offset={offset} />
        </>
      )}
    </QueryView>
  );
}

function Preview({ page, offset }: { readonly page: RowPageWire; readonly offset: number }) {
  const columns = useMemo(() => columnsOf(page), [page]);
  const rows = useMemo(() => page.rows.map((values, index) => ({ number: offset + index + 1, values })), [page, offset]);
  return (
    <Table
      label="Rows"
      columns={columns}
      rows={rows}
      rowKey={({ number }) => String(number)}
      tools={false}
      maxHeight="max(320px, calc(100dvh - 300px))"
      empty={<p>This snapshot has no rows here.</p>}
    />
  );
}

const numericTypes = /INT|DOUBLE|FLOAT|DECIMAL|REAL/;

function columnsOf({ columns }: RowPageWire): readonly Column<Row>[] {
  const number: Column<Row> = { id: '#', header: 'Row', value: (row) => row.number, numeric: true, width: 84 };
  return [
    number,
    ...columns.map(({ name, type }, index): Column<Row> => {
      const numeric = numericTypes.test(type);
      return {
        id: `c${index}`,
        header: name,
        unit: type.toLowerCase(),
        value: (row) => cellValue(row.values[index]),
        numeric,
        // As in the data: no thousands separators, no rounding.
        cell: (row) => String(cellValue(row.values[index]) ?? 'null'),
        width: Math.min(Math.max((name.length + type.length) * 8 + 30, 110), 240),
        grow: true,
      };
    }),
  ];
}

function cellValue(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value);
}
