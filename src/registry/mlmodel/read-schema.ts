import {
  type ColumnType,
  columnTypes,
  type JsonRecord,
  type SchemaColumn,
  type SchemaParameter,
  type SchemaSide,
  type SchemaTensor,
  type SchemaType,
} from './model.ts';

/** Readers of the JSON texts in `signature:` of an MLmodel file. Each throws an Error with the reason in plain words. */

const deepest = 32;
const mostColumns = 100_000;
const newNames: ReadonlyMap<string, ColumnType> = new Map([
  ['int', 'integer'],
  ['bool', 'boolean'],
  ['str', 'string'],
]);

/** Undefined for a side without columns. */
export function readSchemaSide(text: string): SchemaSide | undefined {
  const entries = parseList(text);
  if (entries.length === 0) return undefined;
  const tensors = entries.filter((entry) => entry['type'] === 'tensor').length;
  if (tensors === 0) return { kind: 'columns', columns: entries.map(readColumn) };
  if (tensors < entries.length) throw new Error('it mixes tensors and columns');
  return { kind: 'tensors', tensors: entries.map(readTensor) };
}

export function readParameters(text: string): SchemaParameter[] {
  return parseList(text).map((entry, index) => {
    const name = entry['name'];
    if (typeof name !== 'string') throw new Error(`parameter ${index + 1} has no name`);
    // Files of MLflow before 2.7 say dtype.
    const type = readType({ ...entry, type: entry['type'] ?? entry['dtype'] ?? null }, deepest);
    const { shape } = entry;
    return { name, type, default: entry['default'] ?? null, shape: Array.isArray(shape) ? shape.map(dimension) : undefined };
  });
}

function parseList(text: string): JsonRecord[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
  if (!Array.isArray(parsed)) throw new Error('it is no list');
  if (parsed.length > mostColumns) throw new Error(`it has ${parsed.length} entries; the limit is ${mostColumns}`);
  return parsed.map((entry: unknown, index) => {
    if (!isEntry(entry)) throw new Error(`entry ${index + 1} is no object`);
    return entry;
  });
}

function isEntry(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readColumn(entry: JsonRecord): SchemaColumn {
  const { name } = entry;
  return { name: typeof name === 'string' ? name : undefined, type: readType(entry, deepest), required: isRequired(entry) };
}

/** Old files say `optional: true` for what is not required. */
function isRequired(entry: JsonRecord): boolean {
  return typeof entry['required'] === 'boolean' ? entry['required'] : entry['optional'] !== true;
}

function readType(entry: JsonRecord, depth: number): SchemaType {
  if (depth === 0) throw new Error(`its types are nested more than ${deepest} deep`);
  const { type } = entry;
  if (type === 'array') return { kind: 'array', items: readType(inner(entry, 'items'), depth - 1) };
  if (type === 'map') return { kind: 'map', values: readType(inner(entry, 'values'), depth - 1) };
  if (type === 'object') {
    const properties = Object.entries(inner(entry, 'properties')).map(([name, property]) => {
      if (!isEntry(property)) throw new Error(`the property "${name}" has no type`);
      return { name, type: readType(property, depth - 1), required: isRequired(property) };
    });
    return { kind: 'object', properties };
  }
  if (typeof type !== 'string') throw new Error(`${named(entry)} has no type`);
  const plain = newNames.get(type) ?? columnTypes.find((known) => known === type.toLowerCase());
  if (plain === undefined) throw new Error(`${named(entry)} has the unknown type "${type.slice(0, 40)}"`);
  return { kind: 'plain', type: plain };
}

function inner(entry: JsonRecord, member: string): JsonRecord {
  const value = entry[member];
  if (!isEntry(value)) throw new Error(`${named(entry)} is of type ${JSON.stringify(entry['type'])} but has no "${member}"`);
  return value;
}

function named(entry: JsonRecord): string {
  return typeof entry['name'] === 'string' ? `"${entry['name'].slice(0, 60)}"` : 'an entry';
}

function readTensor(entry: JsonRecord): SchemaTensor {
  const spec = entry['tensor-spec'];
  if (!isEntry(spec)) throw new Error(`${named(entry)} is a tensor without "tensor-spec"`);
  const { dtype, shape } = spec;
  if (typeof dtype !== 'string' || !Array.isArray(shape)) throw new Error(`${named(entry)} needs "dtype" and "shape"`);
  return { name: typeof entry['name'] === 'string' ? entry['name'] : undefined, dtype, shape: shape.map(dimension) };
}

function dimension(size: unknown): number {
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= -1) return size;
  throw new Error(`"${JSON.stringify(size)}" is no dimension`);
}
