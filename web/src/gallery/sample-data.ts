import type { CalibrationBin } from '../charts/calibration-data.ts';
import type { GraphItem } from '../charts/graph.tsx';
import type { Distribution } from '../charts/histogram-data.ts';
import type { LineSeries } from '../charts/line-data.ts';
import type { TimelineItem } from '../charts/timeline-data.ts';
import type { State } from '../ui/state-mark.tsx';

/** Invented figures in the shapes of the flights project, the same at each load. */

// Park-Miller generator, so that the gallery looks the same each time.
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export interface SampleRun {
  readonly id: string;
  readonly name: string;
  readonly state: State;
  readonly word: string;
  readonly auc: number | undefined;
  readonly logLoss: number | undefined;
  readonly durationMs: number | undefined;
  readonly started: number;
  readonly commit: string;
  readonly rows: number;
}

const outcomes: readonly (readonly [State, string])[] = [
  ['ok', 'finished'],
  ['ok', 'finished'],
  ['ok', 'finished'],
  ['failed', 'failed'],
  ['ok', 'finished'],
  ['off', 'killed'],
];

export function sampleRuns(count: number, now: number): readonly SampleRun[] {
  const random = seeded(42);
  return Array.from({ length: count }, (_, index) => {
    const running = index === 0;
    const [state, word] = running
      ? (['running', 'running'] as const)
      : (outcomes[Math.floor(random() * outcomes.length)] ?? ['ok', 'finished']);
    const has = state === 'ok';
    return {
      id: `run-${count - index}`,
      name: `train ${count - index}`,
      state,
      word,
      auc: has ? 0.62 + random() * 0.09 : undefined,
      logLoss: has ? 0.4 + random() * 0.15 : undefined,
      durationMs: running ? undefined : 8_000 + random() * 190_000,
      started: now - index * 7_300_000 * random() - index * 400_000,
      commit: Math.floor(random() * 0xfffffff)
        .toString(16)
        .padStart(7, '0'),
      rows: 300_000 + Math.floor(random() * 100_000),
    };
  });
}

export function lossCurves(): readonly LineSeries[] {
  const random = seeded(7);
  const curve = (name: string, floor: number, role: LineSeries['role'], gapAt = Number.POSITIVE_INFINITY): LineSeries => ({
    name,
    role: role ?? 'current',
    points: Array.from({ length: 120 }, (_, step) => ({
      x: step * 10,
      y: step >= gapAt && step < gapAt + 6 ? null : floor + 0.5 * Math.exp(-step / 18) + random() * 0.012,
    })),
  });
  return [
    curve('train 24', 0.421, 'current'),
    curve('train 23', 0.437, 'current', 60),
    curve('train 22', 0.446, 'current'),
    curve('version 3', 0.452, 'reference'),
  ];
}

export function aucByWindow(now: number): readonly LineSeries[] {
  const random = seeded(3);
  const day = 86_400_000;
  return [
    {
      name: 'AUC',
      points: Array.from({ length: 45 }, (_, index) => ({
        x: now - (45 - index) * day,
        y: index === 12 ? null : 0.69 - (index > 28 ? (index - 28) * 0.004 : 0) + random() * 0.008,
      })),
    },
  ];
}

export function latencyByWindow(now: number): readonly LineSeries[] {
  const random = seeded(9);
  const day = 86_400_000;
  const series = (name: string, level: number): LineSeries => ({
    name,
    points: Array.from({ length: 45 }, (_, index) => ({ x: now - (45 - index) * day, y: level * (0.85 + random() * 0.4) })),
  });
  return [series('p50', 2.1), series('p99', 11.4)];
}

function bell(centre: number, spread: number, total: number): Distribution {
  const bins = Array.from({ length: 24 }, (_, index) => {
    const middle = index * 100 + 50;
    return { lower: index * 100, upper: (index + 1) * 100, count: Math.round(total * Math.exp(-(((middle - centre) / spread) ** 2))) };
  });
  return { kind: 'numeric', bins, missing: 38 };
}

export const distance = { current: bell(980, 520, 3_100), reference: bell(720, 430, 41_000) } as const;

const airports = ['ATL', 'ORD', 'DFW', 'LAX', 'PHX', 'IAH', 'DEN', 'DTW', 'MSP', 'STL', 'LAS', 'SFO', 'EWR', 'PHL'] as const;

export const origin: { readonly current: Distribution; readonly reference: Distribution } = {
  reference: { kind: 'categorical', categories: airports.map((category, index) => ({ category, count: 9_000 - index * 540 })) },
  current: {
    kind: 'categorical',
    categories: airports.map((category, index) => ({ category, count: 800 - index * 40 + (category === 'DEN' ? 340 : 0) })),
  },
};

export const calibration: readonly CalibrationBin[] = Array.from({ length: 10 }, (_, index) => {
  const predicted = index / 10 + 0.047;
  const count = Math.round(42_000 * Math.exp(-index / 1.9));
  return {
    lower: index / 10,
    upper: (index + 1) / 10,
    count: index === 9 ? 0 : count,
    predicted: index === 9 ? null : predicted,
    observed: index === 9 ? null : predicted * 0.9 + 0.04,
  };
});

export function stepRuns(now: number): readonly TimelineItem[] {
  const start = now - 96_000;
  return [
    { id: 'extract', label: 'extract', state: 'off', word: 'cached', start, end: start + 120 },
    { id: 'prepare', label: 'prepare', state: 'ok', word: 'succeeded', start: start + 300, end: start + 14_800 },
    { id: 'profile', label: 'profile', state: 'warning', word: 'retried', start: start + 14_900, end: start + 22_400 },
    { id: 'train', label: 'train', state: 'ok', word: 'succeeded', start: start + 15_000, end: start + 71_600 },
    {
      id: 'slices',
      label: 'evaluate-slices-by-airport-and-hour',
      state: 'failed',
      word: 'failed',
      start: start + 71_800,
      end: start + 79_500,
    },
    { id: 'evaluate', label: 'evaluate', state: 'running', word: 'running', start: start + 71_700, end: null },
    { id: 'register', label: 'register', state: 'waiting', word: 'waiting', start: null, end: null },
  ];
}

export const pipeline: readonly GraphItem[] = [
  { id: 'flights', label: 'flights', detail: 'snapshot 4, 2.0 M rows' },
  { id: 'airports', label: 'airports', detail: 'snapshot 1' },
  { id: 'prepare', label: 'prepare', detail: '14.5 s', state: 'ok', word: 'succeeded' },
  { id: 'profile', label: 'profile', detail: '7.5 s', state: 'warning', word: 'retried' },
  { id: 'train', label: 'train', detail: '56.6 s', state: 'ok', word: 'succeeded' },
  { id: 'evaluate', label: 'evaluate', detail: '24.3 s', state: 'running', word: 'running' },
  { id: 'register', label: 'register', detail: 'flight-delay', state: 'waiting', word: 'waiting' },
];

export const pipelineEdges = [
  { from: 'flights', to: 'prepare' },
  { from: 'airports', to: 'prepare' },
  { from: 'prepare', to: 'train' },
  { from: 'prepare', to: 'profile' },
  { from: 'prepare', to: 'evaluate' },
  { from: 'train', to: 'evaluate' },
  { from: 'evaluate', to: 'register' },
  { from: 'train', to: 'register' },
] as const;

export const logLines = Array.from({ length: 20_000 }, (_, index) => ({
  stream: index % 97 === 96 ? ('stderr' as const) : ('stdout' as const),
  text:
    index % 97 === 96
      ? `\u001B[33mwarning\u001B[0m batch ${index}: 3 rows without a distance`
      : `epoch ${1 + Math.floor(index / 5_000)} batch ${index} loss ${(0.42 + 0.4 * Math.exp(-index / 3_000)).toFixed(4)}`,
}));

export const cardText = `## Intended use

Estimates, before departure, whether a flight will arrive **more than 15 minutes late**. For planning of gates and staff, not for compensation of passengers.

| slice | flights | AUC |
| --- | ---: | ---: |
| hour 17 | 21,402 | 0.684 |
| origin ORD | 18,977 | 0.661 |

- Trained on January to April 2001; see \`dataset:flights@4\`.
- Known only after departure: nothing, except the planned distance.
`;
