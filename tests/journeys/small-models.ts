import { createOnnxBuilder, type OnnxBuilder } from '../../templates/onnx-typescript/steps/onnx.ts';
import type { Signature } from '../../src/kernel/inference/index.ts';

/** Real ONNX models of a few nodes, each with inputs `amount` (FP32), `count` (INT64) and `city` (BYTES), one element a row. */

export const smallSignature: Signature = {
  inputs: [
    { name: 'amount', datatype: 'FP32', shape: [-1] },
    { name: 'count', datatype: 'INT64', shape: [-1] },
    { name: 'city', datatype: 'BYTES', shape: [-1] },
  ],
  outputs: [{ name: 'probability', datatype: 'FP32', shape: [-1] }],
};

interface SmallModel {
  /** Added before the sigmoid: moves every score. */
  readonly bias?: number;
  /** Breaks on a row whose amount is above this. */
  readonly breaksAbove?: number;
  readonly output?: string;
}

/** probability = sigmoid(0.1 * amount + 0.01 * count + (city == "Rome" ? 1 : 0) + bias) */
export function smallModel({ bias = 0, breaksAbove, output = 'probability' }: SmallModel = {}): Uint8Array {
  const onnx = createOnnxBuilder();
  const amount = onnx.input('amount', 'FLOAT', 'How much');
  const count = onnx.input('count', 'INT64', 'How many');
  const city = onnx.input('city', 'STRING', 'Where');
  const known = onnx.node('LabelEncoder', [city], {
    output: 'city_number',
    ml: true,
    attributes: { keys_strings: { strings: ['Rome'] }, values_int64s: { ints: [1] }, default_int64: { int: 0 } },
  });
  const scaled = onnx.node('Mul', [amount, onnx.floats('amount_weight', Float32Array.of(0.1), [])], { output: 'scaled' });
  const counted = onnx.node('Mul', [float(onnx, count, 'count_float'), onnx.floats('count_weight', Float32Array.of(0.01), [])], {
    output: 'counted',
  });
  const sum = onnx.node('Add', [scaled, counted], { output: 'sum' });
  const withCity = onnx.node('Add', [sum, float(onnx, known, 'city_float')], { output: 'with_city' });
  const logit = onnx.node('Add', [withCity, onnx.floats('bias', Float32Array.of(bias), [])], { output: 'logit' });
  const checked = breaksAbove === undefined ? logit : breaking(onnx, { amount, logit, above: breaksAbove });
  onnx.node('Sigmoid', [checked], { output });
  onnx.output(output, 'FLOAT', 'The answer');
  return onnx.build({ name: 'small', description: 'For tests', metadata: {} });
}

function float(onnx: OnnxBuilder, value: string, output: string): string {
  return onnx.node('Cast', [value], { output, attributes: { to: { int: 1 } } });
}

/** Looks each amount up in a table that is too short for large ones, which ONNX Runtime refuses. */
function breaking(onnx: OnnxBuilder, { amount, logit, above }: { amount: string; logit: string; above: number }): string {
  const index = onnx.node('Cast', [amount], { output: 'index', attributes: { to: { int: 7 } } });
  const table = onnx.floats('table', new Float32Array(above + 1), [above + 1]);
  const zero = onnx.node('Gather', [table, index], { output: 'zero' });
  return onnx.node('Add', [logit, zero], { output: 'checked' });
}

export function expected({ amount, count, city }: { amount: number; count: number; city: string }, bias = 0): number {
  return 1 / (1 + Math.exp(-(0.1 * amount + 0.01 * count + (city === 'Rome' ? 1 : 0) + bias)));
}
