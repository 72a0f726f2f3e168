import { Tensor } from 'onnxruntime-node';
import { type Cell, type EvaluationTable, numberOf } from './evaluation-table.ts';

export interface ModelInput {
  readonly name: string;
  readonly type: Tensor.Type;
  /** As the Open Inference Protocol calls it. */
  readonly datatype: string;
  /** 1: one element a row; 2: one column of one element. */
  readonly rank: number;
}

export function columnOf(table: EvaluationTable, name: string): readonly Cell[] {
  const column = table.columns.get(name);
  if (column === undefined) throw new Error(`The evaluation rows have no column "${name}", which the model takes as an input.`);
  return column;
}

export function shapeOfRows({ name, rank }: ModelInput, rows: number): readonly number[] {
  if (rank !== 1 && rank !== 2) throw new Error(`The input ${name} of the model has ${rank} dimensions; one value a row is needed.`);
  return rank === 1 ? [rows] : [rows, 1];
}

/** The rows `start` up to, not including, `end` of a column as the model wants them. A missing number is NaN; of other types none may miss. */
export function tensorOf(input: ModelInput, column: readonly Cell[], { start, end }: { start: number; end: number }): Tensor {
  const shape = shapeOfRows(input, end - start);
  const cells = Array.from({ length: end - start }, (_, at) => column[start + at]);
  switch (input.type) {
    case 'string':
      return new Tensor(
        'string',
        cells.map((cell) => textOf(input, cell)),
        shape,
      );
    case 'bool':
      return new Tensor(
        'bool',
        Uint8Array.from(cells, (cell) => (wholeOf(input, cell) === 0 ? 0 : 1)),
        shape,
      );
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from(cells, (cell) => BigInt(wholeOf(input, cell))),
        shape,
      );
    case 'uint64':
      return new Tensor(
        'uint64',
        BigUint64Array.from(cells, (cell) => BigInt(wholeOf(input, cell))),
        shape,
      );
    case 'float32':
      return new Tensor('float32', Float32Array.from(cells, numberOf), shape);
    case 'float64':
      return new Tensor('float64', Float64Array.from(cells, numberOf), shape);
    case 'int32':
      return new Tensor(
        'int32',
        Int32Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'int16':
      return new Tensor(
        'int16',
        Int16Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'int8':
      return new Tensor(
        'int8',
        Int8Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'uint32':
      return new Tensor(
        'uint32',
        Uint32Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'uint16':
      return new Tensor(
        'uint16',
        Uint16Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'uint8':
      return new Tensor(
        'uint8',
        Uint8Array.from(cells, (cell) => wholeOf(input, cell)),
        shape,
      );
    case 'float16':
    case 'int4':
    case 'uint4':
    default:
      throw new Error(`The input ${input.name} of the model has the type ${input.type}, which cannot be fed.`);
  }
}

/** The cell as JSON of the Open Inference Protocol. */
export function smokeValue(input: ModelInput, cell: Cell): string | number | boolean {
  if (input.type === 'string') return textOf(input, cell);
  if (input.type === 'bool') return wholeOf(input, cell) !== 0;
  return numberOf(cell);
}

function textOf({ name }: ModelInput, cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell === null || cell === undefined) throw new Error(`Some evaluation rows have no value for the input "${name}".`);
  return String(cell);
}

function wholeOf({ name }: ModelInput, cell: Cell): number {
  const value = numberOf(cell);
  if (!Number.isInteger(value)) throw new Error(`Some evaluation rows have no whole number for the input "${name}".`);
  return value;
}
