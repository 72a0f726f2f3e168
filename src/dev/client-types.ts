/** As much of JSON Schema as zod writes. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

/** A type that is already written gives its name: the text of the type to the name. */
export type Names = ReadonlyMap<string, string>;

/** The TypeScript type of a schema, on one line. */
export function typeOf(schema: Schema, names: Names): string {
  const text = shapeOf(schema, names);
  return names.get(text) ?? text;
}

function shapeOf(schema: Schema, names: Names): string {
  // The only recursive schema is that of any JSON value.
  if (schema.$ref !== undefined) return 'Json';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return union(alternatives.map((each) => typeOf(each, names)));
  if (schema.allOf !== undefined) return schema.allOf.map((each) => `(${typeOf(each, names)})`).join(' & ');
  const { type } = schema;
  if (type === undefined) return 'unknown';
  return union([type].flat().map((one) => plainType(one, schema, names)));
}

function plainType(type: string, schema: Schema, names: Names): string {
  if (type === 'array') return arrayType(schema, names);
  if (type === 'object') return objectType(schema, names);
  return type === 'integer' ? 'number' : type;
}

function arrayType({ items = {}, prefixItems }: Schema, names: Names): string {
  if (prefixItems !== undefined) return `readonly [${prefixItems.map((each) => typeOf(each, names)).join(', ')}]`;
  return `ReadonlyArray<${typeOf(items, names)}>`;
}

/** Members that a later server adds are passed on, and are no part of the type. */
function objectType({ properties, required = [], propertyNames, additionalProperties }: Schema, names: Names): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties, names) : 'unknown';
    const isOpen = propertyNames?.enum === undefined;
    return isOpen ? `{ readonly [name: string]: ${value} }` : `Readonly<Partial<Record<${typeOf(propertyNames, names)}, ${value}>>>`;
  }
  const members = Object.entries(properties).map(([name, member]) => {
    const type = typeOf(member, names);
    const isOptional = !required.includes(name);
    return `readonly ${memberName(name)}${isOptional ? '?' : ''}: ${type}${isOptional && type !== 'unknown' ? ' | undefined' : ''}`;
  });
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`;
}

const memberName = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

const union = (parts: readonly string[]) => [...new Set(parts)].join(' | ');
