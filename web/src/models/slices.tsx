import { getRouteApi } from '@tanstack/react-router';
import type { EvaluationWire } from '#registry/wire.ts';
import { BarList, type BarListItem } from '../charts/bar-list.tsx';
import { formatCount, formatFixed } from '../ui/format.ts';
import { Panel } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { isBetter, metricWords } from './metrics.ts';
import styles from './models.module.css';

type Slice = NonNullable<EvaluationWire['slices']>[number];

interface SlicesProps {
  readonly slices: readonly Slice[];
  readonly metric: string;
  /** The same metric over all rows; drawn through the bars. */
  readonly overall: number | undefined;
}

const route = getRouteApi('/$project/models/$model/$version');

/** How a version does on parts of the rows; the weakest first, for that is what one looks for. */
export function Slices({ slices, metric, overall }: SlicesProps) {
  const { slices: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const keys = [...new Set(slices.map(({ slice }) => keyOf(slice)))];
  const key = keys.find((one) => one === asked) ?? keys[0] ?? '';
  const items = slices
    .filter(({ slice }) => keyOf(slice) === key)
    .map((slice) => itemOf(slice, metric))
    .toSorted((a, b) => (a.value ?? -1) - (b.value ?? -1));
  const below = items.filter(({ tone }) => tone === 'warning').length;
  return (
    <Panel>
      <div className={styles['sliceHead']}>
        <h2>
          {metricWords(metric)} by {key}
        </h2>
        {keys.length > 1 && (
          <Select
            label="Slices by"
            labelHidden
            choices={keys.map((value) => ({ value, label: `by ${value}` }))}
            value={key}
            onChange={(next) => void navigate({ search: (old) => ({ ...old, slices: next }), replace: true, resetScroll: false })}
          />
        )}
      </div>
      <p className={styles['muted']}>
        {overall !== undefined && `The line is the whole: ${formatFixed(overall, 3)}. `}
        {below === 0 ? 'No slice is below the baseline.' : `${below} of ${items.length} slices are below the baseline.`}
      </p>
      <BarList
        label={`${metricWords(metric)} by ${key}`}
        items={items}
        max={Math.max(1, ...items.map(({ value }) => value ?? 0))}
        {...(overall === undefined ? {} : { limit: overall })}
        format={(value) => formatFixed(value, 3)}
      />
    </Panel>
  );
}

function keyOf(slice: string): string {
  return slice.split('=', 1)[0] ?? slice;
}

function itemOf(slice: Slice, metric: string): BarListItem {
  const value = figure(slice[metric]);
  const worse = isBetter(metric, value, figure(slice[`baseline_${metric}`])) === false;
  const item = { id: slice.slice, label: `${slice.slice.slice(keyOf(slice.slice).length + 1)} (${formatCount(slice.count)} rows)`, value };
  return worse ? { ...item, tone: 'warning', word: 'below baseline' } : item;
}

function figure(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
