import { MlflowError } from './mlflow-error.ts';

/** JSON Schema of a field, for the OpenAPI document. */
export type FieldSchema = Readonly<Record<string, unknown>>;

/** How one field of a request is read. `undefined` and `null` mean that it was not sent. */
export interface Field<Value> {
  /** @throws MlflowError `INVALID_PARAMETER_VALUE` that names the field as `name` */
  readonly read: (value: unknown, name: string) => Value;
  readonly schema: FieldSchema;
  readonly needed: boolean;
  /** Repeated in a query string. */
  readonly repeated: boolean;
}

export interface OptionalField<Value> extends Field<Value | undefined> {
  /** The same field, refused when it was not sent. */
  required(): Field<Value>;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type InputOf<Of extends Fields> = { readonly [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value : never };

const mostDigits = Number.MAX_SAFE_INTEGER;
const whole = /^-?\d{1,19}$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const special: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/**
 * The field types of the protocol (proto3 JSON, protobuf.dev/programming-guides/json). Whole numbers may be strings, as the Java and R
 * clients send them; names of fields may be in camel case; what is not known is left alone.
 */
export const field = {
  text: () =>
    optional<string>({ type: 'string' }, (value, name) => {
      if (typeof value !== 'string') throw invalid(value, name);
      if (value.includes('\0') || !value.isWellFormed())
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          `Invalid value for parameter '${name}' supplied: it holds characters that are no text (NUL or half a surrogate pair).`,
        );
      return value;
    }),
  /** An int64; values beyond 2^53 are refused rather than rounded. */
  whole: () =>
    optional<number>({ type: 'integer' }, (value, name) => {
      const number = typeof value === 'number' ? value : typeof value === 'string' && whole.test(value) ? Number(value) : Number.NaN;
      if (!Number.isInteger(number)) throw invalid(value, name);
      if (Math.abs(number) > mostDigits)
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          `Invalid value ${String(value)} for parameter '${name}' supplied: whole numbers are below 2^53 in size, so that no client rounds them.`,
        );
      return number;
    }),
  /** A double; `"NaN"`, `"Infinity"` and `"-Infinity"` are strings in JSON. */
  number: () =>
    optional<number>({ type: ['number', 'string'] }, (value, name) => {
      if (typeof value === 'number') return value;
      if (typeof value === 'boolean') return value ? 1 : 0;
      if (typeof value !== 'string') throw invalid(value, name);
      const number = special[value] ?? (decimal.test(value) ? Number(value) : undefined);
      if (number === undefined) throw invalid(value, name);
      return number;
    }),
  flag: () =>
    optional<boolean>({ type: 'boolean' }, (value, name) => {
      if (typeof value === 'boolean') return value;
      const text = typeof value === 'string' ? value.toLowerCase() : undefined;
      if (text !== 'true' && text !== 'false') throw invalid(value, name);
      return text === 'true';
    }),
  /** One of the names, sent as name or as its number; anything else counts as not sent, as in the protocol. */
  choice: <const Numbers extends Readonly<Record<string, number>>>(numbers: Numbers) =>
    optional<(keyof Numbers & string) | undefined>({ type: 'string', enum: Object.keys(numbers) }, (value) => {
      // The keys of an object are its names.
      const names = Object.keys(numbers) as (keyof Numbers & string)[];
      return names.find((each) => each === value || String(numbers[each]) === String(value));
    }),
  list: <Value>(of: Field<Value>) =>
    optional<Exclude<Value, undefined>[]>(
      { type: 'array', items: of.schema },
      (value, name) => {
        if (!Array.isArray(value)) throw invalid(value, name);
        return value.map((each: unknown, index) => readElement(of, each, { list: name, index }));
      },
      true,
    ),
  message: <Of extends Fields>(fields: Of) => {
    const read = messageReader(fields);
    return optional<InputOf<Of>>(schemaOf(fields), (value, name) => {
      if (!isRecord(value)) throw invalid(value, name);
      return read(value, name);
    });
  },
  /** Text by text. */
  map: () =>
    optional<Readonly<Record<string, string>>>({ type: 'object', additionalProperties: { type: 'string' } }, (value, name) => {
      if (!isRecord(value)) throw invalid(value, name);
      const entries = Object.entries(value).map(([key, each]) => [text.read(key, name), needed(text, each, `${name}.${key}`)] as const);
      return Object.fromEntries(entries);
    }),
  /** Any JSON value. */
  json: () => optional<unknown>({}, (value) => value),
} as const;

const text = field.text();

/** Reads an object by its fields; `path` stands before their names in messages, empty for a whole request. */
export function messageReader<Of extends Fields>(
  fields: Of,
  aliases: Readonly<Record<string, string>> = {},
): (value: Readonly<Record<string, unknown>>, path: string) => InputOf<Of> {
  const otherNames = Object.entries(aliases);
  const plan = Object.entries(fields).map(([name, { read: readField }]) => {
    const others = [camelCase(name), ...otherNames.filter(([, of]) => of === name).map(([alias]) => alias)].filter((each) => each !== name);
    // Then what an object was sent with need not be told from what every object has.
    if ([name, ...others].some((each) => each in Object.prototype)) throw new Error(`No field can be called ${name}.`);
    return { name, readField, others };
  });
  return (value, path) => {
    const input: Record<string, unknown> = {};
    for (const { name, readField, others } of plan) {
      let sent = value[name];
      if (sent === undefined || sent === null) for (const other of others) sent ??= value[other];
      const read = readField(sent, path === '' ? name : `${path}.${name}`);
      if (read !== undefined) input[name] = read;
    }
    // Every field was read by the reader that gives its type.
    return input as InputOf<Of>;
  };
}

export function schemaOf(fields: Fields): FieldSchema {
  const required = Object.entries(fields).flatMap(([name, each]) => (each.needed ? [name] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function optional<Value>(schema: FieldSchema, read: (value: unknown, name: string) => Value, repeated = false): OptionalField<Value> {
  return {
    schema,
    repeated,
    needed: false,
    read: (value, name) => (value === undefined || value === null ? undefined : read(value, name)),
    required: () => ({
      schema,
      repeated,
      needed: true,
      read(value, name) {
        if (value === undefined || value === null) throw missing(name);
        return read(value, name);
      },
    }),
  };
}

function needed<Value>(of: Field<Value>, value: unknown, name: string): Exclude<Value, undefined> {
  const read = of.read(value, name);
  // What is null is as good as missing, and refused by what it has to be.
  if (read === undefined) throw invalid(value, name);
  // Only undefined was taken out.
  return read as Exclude<Value, undefined>;
}

/** Names are for messages alone: one of thousands of elements is given its own only when it was refused, and read again with it. */
function readElement<Value>(of: Field<Value>, value: unknown, place: { list: string; index: number }): Exclude<Value, undefined> {
  try {
    return needed(of, value, '');
  } catch {
    return needed(of, value, `${place.list}[${place.index}]`);
  }
}

export function missing(name: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Missing value for required parameter '${name}'. See the API docs for more information about request parameters.`,
  );
}

function invalid(value: unknown, name: string): MlflowError {
  const shown = JSON.stringify(value)?.slice(0, 200) ?? 'null';
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${shown} for parameter '${name}' supplied:  Hint: Value was of type '${pythonType(value)}'. See the API docs for more information about request parameters.`,
  );
}

function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'string' ? 'str' : typeof value === 'boolean' ? 'bool' : 'dict';
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
