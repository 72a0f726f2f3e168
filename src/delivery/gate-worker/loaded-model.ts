import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InferenceSession, type OnnxValue, Tensor } from 'onnxruntime-node';
import type { EvaluationTable } from './evaluation-table.ts';
import type { ModelFile, SmokeSample } from './protocol.ts';
import { columnOf, shapeOfRows, smokeValue, type ModelInput, tensorOf } from './tensors.ts';

export interface LoadedModel {
  readonly bytes: number;
  /** One probability a row. */
  score(table: EvaluationTable): Promise<Float64Array>;
  /** Milliseconds of each call with `rows` rows, after some that warm up. */
  time(table: EvaluationTable, calls: number, rows: number): Promise<number[]>;
  /** At most `most` rows as a request, with what `score` gave for them. */
  smoke(table: EvaluationTable, scores: Float64Array, most: number): SmokeSample;
  close(): Promise<void>;
}

const batchRows = 8192;
const warmUps = 10;

/** Loads the very bytes whose digest was checked. @throws Error with a sentence for people */
export async function loadModel(file: ModelFile): Promise<LoadedModel> {
  const content = readFileSync(file.path);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (digest !== file.digest) throw new Error(`The bytes of the model are not those that were registered (${digest}).`);
  const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const session = await InferenceSession.create(content, options);
  const inputs = session.inputMetadata.map(inputOf);
  const output = session.outputNames.find((name, index) => isFloat(session.outputMetadata[index]) && name !== '');
  if (output === undefined) throw new Error('The model has no output of floating-point numbers, so it gives no score.');

  const run = async (table: EvaluationTable, start: number, end: number): Promise<Float64Array> => {
    const columns = inputs.map((input) => [input.name, tensorOf(input, columnOf(table, input.name), { start, end })] as const);
    const results = await session.run(Object.fromEntries(columns), [output]);
    return scoresOf(results[output], end - start);
  };

  return {
    bytes: content.byteLength,
    async score(table) {
      const scores = new Float64Array(table.rows);
      for (let start = 0; start < table.rows; start += batchRows) {
        const end = Math.min(table.rows, start + batchRows);
        scores.set(await run(table, start, end), start);
      }
      return scores;
    },
    async time(table, calls, rows) {
      const measured: number[] = [];
      for (let call = -warmUps; call < calls; call++) {
        const start = Math.max(0, call * rows) % Math.max(1, table.rows - rows + 1);
        const began = performance.now();
        await run(table, start, start + rows);
        if (call >= 0) measured.push(performance.now() - began);
      }
      return measured;
    },
    smoke(table, scores, most) {
      const columns = inputs.map((input) => ({ input, column: columnOf(table, input.name) }));
      const rows: number[] = [];
      for (let row = 0; row < table.rows && rows.length < most; row++) {
        // JSON has no NaN, so a row that lacks a value cannot be sent.
        if (columns.every(({ column }) => column[row] !== null && column[row] !== undefined)) rows.push(row);
      }
      return {
        inputs: columns.map(({ input, column }) => ({
          name: input.name,
          datatype: input.datatype,
          shape: shapeOfRows(input, rows.length),
          data: rows.map((row) => smokeValue(input, column[row])),
        })),
        output,
        scores: rows.map((row) => scores[row] ?? Number.NaN),
      };
    },
    close: () => session.release(),
  };
}

function inputOf(metadata: InferenceSession.ValueMetadata): ModelInput {
  if (!metadata.isTensor) throw new Error(`The input ${metadata.name} of the model is no tensor.`);
  return { name: metadata.name, ...datatypeOf(metadata), rank: metadata.shape.length };
}

const datatypes: Readonly<Record<string, string>> = {
  float32: 'FP32',
  float64: 'FP64',
  int64: 'INT64',
  int32: 'INT32',
  int16: 'INT16',
  int8: 'INT8',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  bool: 'BOOL',
  string: 'BYTES',
};

function datatypeOf(metadata: InferenceSession.TensorValueMetadata): { type: Tensor.Type; datatype: string } {
  const datatype = datatypes[metadata.type];
  if (datatype === undefined)
    throw new Error(`The input ${metadata.name} of the model has the type ${metadata.type}, which cannot be fed.`);
  return { type: metadata.type, datatype };
}

function isFloat(metadata: InferenceSession.ValueMetadata | undefined): boolean {
  return metadata?.isTensor === true && (metadata.type === 'float32' || metadata.type === 'float64');
}

/** One column is the score; of two columns, the probabilities of both classes, the second is. */
function scoresOf(output: OnnxValue | undefined, rows: number): Float64Array {
  const data = output instanceof Tensor ? output.data : undefined;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) throw new Error('The model gave no numbers as its score.');
  const width = data.length / rows;
  if (width !== 1 && width !== 2) throw new Error(`The model gave ${data.length} numbers for ${rows} rows; one score a row is needed.`);
  return Float64Array.from({ length: rows }, (_, row) => data[row * width + width - 1] ?? Number.NaN);
}
