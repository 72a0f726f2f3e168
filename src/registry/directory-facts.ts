import { type ModelDirectory, type ModelDirectoryWire, wireDirectory } from './mlmodel/index.ts';

/** What model directories say, as rows that can stand side by side. */

/** `input hour` to `long`, `output 0` to `double`, `parameter depth` to `long = 3`; an input that may be missing has a `?` behind its type. */
export function schemaFacts(directory: ModelDirectory | undefined): ReadonlyMap<string, string> {
  const schema = directory === undefined ? undefined : wireDirectory(directory).schema;
  return new Map([
    ...sideFacts('input', schema?.inputs),
    ...sideFacts('output', schema?.outputs),
    ...(schema?.params ?? []).map(({ name, type, default: value }) => [`parameter ${name}`, `${type} = ${value}`] as const),
  ]);
}

type Side = NonNullable<ModelDirectoryWire['schema']>['inputs'];

function sideFacts(what: string, side: Side): (readonly [string, string])[] {
  if (side === undefined) return [];
  const named = (name: string | undefined, index: number) => `${what} ${name ?? index}`;
  return side.kind === 'columns'
    ? side.columns.map(({ name, type, required }, index) => [named(name, index), required ? type : `${type}?`] as const)
    : side.tensors.map(({ name, dtype, shape }, index) => [named(name, index), `${dtype}[${shape.join(', ')}]`] as const);
}

/** `python` to `3.11.7`, `numpy` to `==2.1.0`; flavours with the version of their library. */
export function environmentFacts(directory: ModelDirectory | undefined): ReadonlyMap<string, string> {
  if (directory === undefined) return new Map();
  const { environment, flavors, mlflowVersion } = directory;
  const known: [string, string | undefined][] = [
    ['python', environment.python],
    ['mlflow', mlflowVersion],
    ...flavors.map(({ name, version }): [string, string | undefined] => [`flavor ${name}`, version ?? 'present']),
    ...environment.requirements.map(requirement),
  ];
  return new Map(known.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function requirement(line: string): [string, string] {
  const [, name = line, rest = ''] = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*(.*)$/.exec(line) ?? [];
  return [name.toLowerCase(), rest === '' ? 'any' : rest];
}
