import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Flights } from './features.ts';

/** Scores flights with an ONNX model the way a client does: raw inputs in, probabilities out. */
export interface Scorer {
  score(flights: Flights): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Rows that go through the model at once: bounds the memory of the feature matrix. */
const BATCH_ROWS = 16_384;

export async function createScorer(model: Uint8Array | string): Promise<Scorer> {
  const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await (typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options));
  return {
    async score(flights) {
      const rows = flights.origin.length;
      const scores = new Float32Array(rows);
      for (let start = 0; start < rows; start += BATCH_ROWS) {
        const { probability } = await session.run(feeds(flights, start, Math.min(rows, start + BATCH_ROWS)));
        if (!(probability?.data instanceof Float32Array)) throw new Error('The model gave no output "probability" of type FLOAT.');
        scores.set(probability.data, start);
      }
      return scores;
    },
    close: () => session.release(),
  };
}

function feeds(flights: Flights, start: number, end: number): Record<string, Tensor> {
  const shape = [end - start];
  const numbers = (values: ArrayLike<number>) => Array.from({ length: end - start }, (_, at) => values[start + at] ?? Number.NaN);
  const integers = (values: ArrayLike<number>) => new Tensor('int64', BigInt64Array.from(numbers(values), BigInt), shape);
  return {
    origin: new Tensor('string', flights.origin.slice(start, end), shape),
    destination: new Tensor('string', flights.destination.slice(start, end), shape),
    distance: new Tensor('float32', Float32Array.from(numbers(flights.distance)), shape),
    hour: integers(flights.hour),
    day_of_week: integers(flights.day_of_week),
  };
}
