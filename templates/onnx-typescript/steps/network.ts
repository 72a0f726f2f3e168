import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { losses, ready, setBackend, sigmoid, tensor2d, tidy, train, type Tensor2D } from '@tensorflow/tfjs-core';
import { initializers, layers, type Sequential, sequential } from '@tensorflow/tfjs-layers';
import { fileURLToPath } from 'node:url';
import { seededRandom, shuffle } from './random.ts';

/** A small multi-layer perceptron in TensorFlow.js on WebAssembly: no native code, the same figures on every machine of a kind. */

export interface NetworkSettings {
  readonly features: number;
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly seed: number;
}

export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Called after each batch; batches count from 1 over all epochs. */
  readonly onBatch: (batch: number, batches: number, loss: number) => void;
}

/** One layer as plain numbers: `kernel` is inputs × units, row by row. */
export interface DenseWeights {
  readonly inputs: number;
  readonly units: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

export async function startBackend(): Promise<void> {
  setWasmPaths(fileURLToPath(new URL('./', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))));
  if (!(await setBackend('wasm'))) throw new Error('The WebAssembly backend of TensorFlow.js did not start.');
  await ready();
}

/** The last layer has no activation: training works on log-odds, which is exact where probabilities would round to 0 or 1. */
export function createNetwork({ features, hidden, seed }: NetworkSettings): Sequential {
  const network = sequential();
  const initial = (layer: number) => initializers.glorotUniform({ seed: seed * 1000 + layer });
  for (const [at, units] of hidden.entries()) {
    network.add(
      layers.dense({ units, activation: 'relu', kernelInitializer: initial(at), ...(at === 0 ? { inputShape: [features] } : {}) }),
    );
  }
  network.add(layers.dense({ units: 1, kernelInitializer: initial(hidden.length) }));
  return network;
}

/** Adam on the mean cross-entropy; the learning rate falls to zero along a half cosine. The rows come in another order each epoch. */
export function trainNetwork(network: Sequential, rows: { matrix: Float32Array; labels: Float32Array }, settings: TrainingSettings): void {
  const count = rows.labels.length;
  const width = rows.matrix.length / count;
  const size = Math.min(settings.batchSize, count);
  const perEpoch = Math.floor(count / size);
  const batches = perEpoch * settings.epochs;
  const optimizer = train.adam(settings.learningRate);
  const random = seededRandom(settings.seed);
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  const batchMatrix = new Float32Array(size * width);
  const batchLabels = new Float32Array(size);
  for (let batch = 0; batch < batches; batch++) {
    if (batch % perEpoch === 0) shuffle(order, random);
    gather(rows, order.subarray((batch % perEpoch) * size, (batch % perEpoch) * size + size), { matrix: batchMatrix, labels: batchLabels });
    // The optimizer reads the rate at each step; TensorFlow.js has no schedule of its own.
    Object.assign(optimizer, { learningRate: (settings.learningRate * (1 + Math.cos((Math.PI * batch) / batches))) / 2 });
    const loss = tidy(() => {
      const inputs = tensor2d(batchMatrix, [size, width]);
      const labels = tensor2d(batchLabels, [size, 1]);
      const value = optimizer.minimize(() => losses.sigmoidCrossEntropy(labels, network.apply(inputs) as Tensor2D), true);
      return value?.dataSync()[0] ?? Number.NaN;
    });
    if (!Number.isFinite(loss)) throw new Error(`The loss became ${loss} at batch ${batch + 1}. Lower "learning_rate".`);
    settings.onBatch(batch + 1, batches, loss);
  }
  optimizer.dispose();
}

/** Probabilities of the rows of a feature matrix. */
export function predict(network: Sequential, matrix: Float32Array, width: number): Float32Array {
  const rows = matrix.length / width;
  const scores = new Float32Array(rows);
  for (let start = 0; start < rows; start += 16_384) {
    const end = Math.min(rows, start + 16_384);
    tidy(() => {
      const inputs = tensor2d(matrix.subarray(start * width, end * width), [end - start, width]);
      scores.set(sigmoid(network.apply(inputs) as Tensor2D).dataSync(), start);
    });
  }
  return scores;
}

export function denseWeights(network: Sequential): DenseWeights[] {
  return network.layers.map((layer) => {
    const [kernel, bias] = layer.getWeights();
    const [inputs, units] = kernel?.shape ?? [];
    if (kernel === undefined || bias === undefined || inputs === undefined || units === undefined)
      throw new Error(`Layer ${layer.name} is not dense.`);
    return { inputs, units, kernel: Float32Array.from(kernel.dataSync()), bias: Float32Array.from(bias.dataSync()) };
  });
}

function gather(
  from: { matrix: Float32Array; labels: Float32Array },
  order: Uint32Array,
  into: { matrix: Float32Array; labels: Float32Array },
): void {
  const width = from.matrix.length / from.labels.length;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0;
    into.matrix.set(from.matrix.subarray(row * width, row * width + width), at * width);
    into.labels[at] = from.labels[row] ?? 0;
  }
}
