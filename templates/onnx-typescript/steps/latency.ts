import { type Flights, type LabelledFlights, sliceFlights } from './flights.ts';
import type { Scorer } from './scoring.ts';

/** Times of the model alone, in milliseconds: one row at a time, and a batch of 256. The way over the network comes on top. */
export async function measureLatency({ flights, labels }: LabelledFlights, scorer: Scorer): Promise<Record<string, number>> {
  const single = await times(200, (at) => sliceFlights(flights, at % labels.length, (at % labels.length) + 1), scorer);
  const size = Math.min(256, labels.length);
  const batch = await times(30, () => sliceFlights(flights, 0, size), scorer);
  return {
    latency_p50_ms: quantile(single, 0.5),
    latency_p99_ms: quantile(single, 0.99),
    latency_batch_p50_ms: quantile(batch, 0.5),
    latency_batch_rows: size,
  };
}

async function times(runs: number, rows: (run: number) => Flights, scorer: Scorer): Promise<number[]> {
  const measured: number[] = [];
  for (let run = -10; run < runs; run++) {
    const flights = rows(Math.max(0, run));
    const start = performance.now();
    await scorer.score(flights);
    // The first runs only warm up.
    if (run >= 0) measured.push(performance.now() - start);
  }
  return measured.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
