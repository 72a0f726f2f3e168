import type { SchemaType } from './model.ts';

/** A type in one line: `long`, `array<string>`, `map<double>`, `object<x: long, y?: double>`. */
export function describeType(type: SchemaType): string {
  if (type.kind === 'plain') return type.type;
  if (type.kind === 'array') return `array<${describeType(type.items)}>`;
  if (type.kind === 'map') return `map<${describeType(type.values)}>`;
  const properties = type.properties.map((property) => `${property.name}${property.required ? '' : '?'}: ${describeType(property.type)}`);
  return `object<${properties.join(', ')}>`;
}
