import { writeFileSync } from 'node:fs';
import { buildEncoder } from './encoder.ts';
import { encode, featureNames } from './features.ts';
import { readFlights, sliceFlights } from './flights.ts';
import { exportOnnx } from './graph.ts';
import { areaUnderCurve, logLoss } from './metrics.ts';
import { createNetwork, denseWeights, predict, startBackend, trainNetwork } from './network.ts';
import { withDatabase } from './parquet.ts';
import { seededRandom, shuffle } from './random.ts';
import { createScorer } from './scoring.ts';
import { loadStatistics } from './statistics.ts';
import { inputPath, logArtifact, logMetric, logParameters, logProgress, logTag, outputPath, readParameters } from './step.ts';

/** Trains the network, writes it as ONNX and proves that ONNX Runtime gives the same probabilities. */

const parameters = readParameters({
  seed: 1,
  epochs: 2,
  batch_size: 1024,
  learning_rate: 0.006,
  hidden_units: '32,16',
  validation_rows: 20_000,
  /** Makes a worse model on purpose: labels in random order teach it only the overall rate. For rehearsing a refusal. */
  shuffle_labels: false,
});
/** Largest difference allowed between TensorFlow.js and ONNX Runtime; both compute in 32-bit floats, in another order. */
const TOLERANCE = 1e-5;
const hidden = parameters.hidden_units.split(',').map(Number);
if (hidden.some((units) => !Number.isInteger(units) || units < 1))
  throw new Error('Parameter "hidden_units" must list whole numbers, e.g. "32,16".');

logParameters(parameters);
const statistics = loadStatistics(inputPath('statistics'));
const encoder = buildEncoder(statistics);
const width = featureNames(encoder).length;
const { flights, labels } = await withDatabase((connection) => readFlights(connection, inputPath('training')));
const validation = Math.min(parameters.validation_rows, Math.floor(labels.length / 5));
const matrix = encode(encoder, flights);
const valid = { matrix: matrix.subarray(0, validation * width), labels: labels.subarray(0, validation) };
const rows = { matrix: matrix.subarray(validation * width), labels: labels.slice(validation) };
if (parameters.shuffle_labels) shuffle(rows.labels, seededRandom(parameters.seed + 1));

await startBackend();
const network = createNetwork({ features: width, hidden, seed: parameters.seed });
logParameters({ rows: rows.labels.length, features: width });
for (const [name, value] of Object.entries(statistics.period)) logTag(name, String(value));
let sinceLog = { loss: 0, batches: 0 };
trainNetwork(network, rows, {
  epochs: parameters.epochs,
  batchSize: parameters.batch_size,
  learningRate: parameters.learning_rate,
  seed: parameters.seed,
  onBatch(batch, batches, loss) {
    sinceLog = { loss: sinceLog.loss + loss, batches: sinceLog.batches + 1 };
    if (batch % Math.max(1, Math.round(batches / 20)) !== 0 && batch !== batches) return;
    const scores = predict(network, valid.matrix, width);
    logMetric('loss', sinceLog.loss / sinceLog.batches, batch);
    logMetric('val_loss', logLoss(valid.labels, scores), batch);
    logMetric('val_auc', areaUnderCurve(valid.labels, scores), batch);
    logProgress(batch, batches, `epoch ${Math.ceil((batch / batches) * parameters.epochs)}`);
    sinceLog = { loss: 0, batches: 0 };
  },
});

const model = exportOnnx(encoder, denseWeights(network), {
  trained_from: String(statistics.period['training_start']),
  trained_to: String(statistics.period['training_end']),
  shuffle_labels: String(parameters.shuffle_labels),
});
const scorer = await createScorer(model);
const expected = predict(network, valid.matrix, width);
const scores = await scorer.score(sliceFlights(flights, 0, validation));
await scorer.close();
const difference = scores.reduce((largest, score, row) => Math.max(largest, Math.abs(score - (expected[row] ?? Number.NaN))), 0);
if (!(difference <= TOLERANCE))
  throw new Error(`ONNX Runtime differs from TensorFlow.js by ${difference}, more than ${TOLERANCE}; the model is not written.`);
logMetric('onnx_difference', difference);
logMetric('model_bytes', model.length);
writeFileSync(outputPath('model'), model);
logArtifact('model.onnx', outputPath('model'));
console.log(
  `${rows.labels.length} rows, ${width} features, ${model.length} bytes; ONNX equals TensorFlow.js within ${difference.toExponential(1)}`,
);
