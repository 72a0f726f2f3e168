import type { InputSource, Publication, StepDefinition } from '../model.ts';
import { parseDuration } from './duration.ts';
import type { Member, Place, YamlReader } from './yaml-reader.ts';

const stepKeys = [
  'description',
  'command',
  'code',
  'parameters',
  'inputs',
  'outputs',
  'publishes',
  'after',
  'tracked',
  'cache',
  'timeout',
  'retries',
  'backoff',
] as const;

const defaultTimeoutMs = 6 * 3_600_000;
const defaultBackoffMs = 1000;
const mostRetries = 100;
export const namePattern = /^[a-z][a-z0-9_-]{0,62}$/;

/** Reads one step; references to other steps are checked later, when all are known. */
export function readStep(reader: YamlReader, member: Member): StepDefinition | undefined {
  checkName(reader, member, 'step');
  const fields = new Map(reader.members(member, stepKeys).map((field) => [field.key, field]));
  const place = (key: (typeof stepKeys)[number]): Member | undefined => fields.get(key);
  const command = reader.text(place('command'));
  if (place('command') === undefined) reader.problem(member.keyPlace, `the step "${member.key}" needs a command`);
  const code = place('code');
  const outputs = readOutputs(reader, place('outputs'));
  if (command === undefined) return undefined;
  return {
    name: member.key,
    description: reader.text(place('description')),
    command,
    code: code === undefined ? undefined : readPaths(reader, code),
    parameters: reader.items(place('parameters')).flatMap((item) => reader.text(item) ?? []),
    inputs: readInputs(reader, place('inputs')),
    outputs,
    publishes: reader.items(place('publishes')).flatMap((item) => readPublication(reader, item, Object.keys(outputs)) ?? []),
    after: reader.items(place('after')).flatMap((item) => reader.text(item) ?? []),
    tracked: reader.flag(place('tracked')) ?? false,
    cache: reader.flag(place('cache')) ?? true,
    timeoutMs: readDuration(reader, place('timeout')) ?? defaultTimeoutMs,
    retries: reader.count(place('retries'), mostRetries) ?? 0,
    backoffMs: readDuration(reader, place('backoff')) ?? defaultBackoffMs,
  };
}

export function checkName(reader: YamlReader, member: Member, what: string): void {
  if (namePattern.test(member.key)) return;
  const rule = 'begin with a lower-case letter and use lower-case letters, digits, "-" and "_", at most 63';
  reader.problem(member.keyPlace, `"${member.key}" cannot be the name of a ${what}: ${rule}`);
}

function readDuration(reader: YamlReader, place: Place | undefined): number | undefined {
  const text = reader.text(place);
  if (text === undefined || place === undefined) return undefined;
  return parseDuration(text) ?? reader.problem(place, `${place.name} "${text}" is no duration; write for example 30s, 5m or 1h30m`);
}

function readPaths(reader: YamlReader, place: Place): string[] {
  return reader.items(place).flatMap((item) => {
    const path = reader.text(item);
    return path === undefined ? [] : (innerPath(reader, item, path) ?? []);
  });
}

/** The path without `./`, when it stays inside its folder. */
export function innerPath(reader: YamlReader, place: Place, path: string): string | undefined {
  const clean = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  if (clean === '' || clean.startsWith('/') || clean.includes('\\') || clean.split('/').includes('..'))
    return reader.problem(place, `${place.name} "${path}" must be a path inside the folder, without ".."`);
  return clean;
}

function readInputs(reader: YamlReader, place: Place | undefined): Record<string, InputSource> {
  const inputs: Record<string, InputSource> = {};
  for (const member of named(reader, place, 'input')) {
    const text = reader.text(member);
    const source = text === undefined ? undefined : parseSource(text);
    if (source !== undefined) inputs[member.key] = source;
    else if (text !== undefined)
      reader.problem(member, `${member.name} "${text}" is no input; write dataset:name, dataset:name@4 or step/output`);
  }
  return inputs;
}

function parseSource(text: string): InputSource | undefined {
  const dataset = /^dataset:([a-z][a-z0-9_-]*)(?:@(\d+))?$/.exec(text);
  if (dataset !== null)
    return { kind: 'dataset', dataset: dataset[1] ?? '', snapshot: dataset[2] === undefined ? undefined : Number(dataset[2]) };
  return parseOutputReference(text);
}

export function parseOutputReference(text: string): Extract<InputSource, { kind: 'output' }> | undefined {
  const output = /^([a-z][a-z0-9_-]*)\/([a-z][a-z0-9_-]*)$/.exec(text);
  return output === null ? undefined : { kind: 'output', step: output[1] ?? '', output: output[2] ?? '' };
}

function readOutputs(reader: YamlReader, place: Place | undefined): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const member of named(reader, place, 'output')) {
    const text = reader.text(member);
    const path = text === undefined ? undefined : innerPath(reader, member, text);
    if (path === undefined) continue;
    const clash = Object.entries(outputs).find(
      ([, other]) => other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
    );
    if (clash !== undefined) reader.problem(member, `the outputs "${clash[0]}" and "${member.key}" are both written to ${path}`);
    outputs[member.key] = path;
  }
  return outputs;
}

/** Members whose names become environment variables, so two must not differ only in `-` and `_`. */
function named(reader: YamlReader, place: Place | undefined, what: string): Member[] {
  const members = place === undefined ? [] : reader.members(place);
  const variables = new Map<string, string>();
  for (const member of members) {
    checkName(reader, member, what);
    const variable = member.key.toUpperCase().replaceAll('-', '_');
    const other = variables.get(variable);
    if (other !== undefined && other !== member.key)
      reader.problem(member.keyPlace, `the ${what}s "${other}" and "${member.key}" would share one environment variable`);
    variables.set(variable, member.key);
  }
  return members;
}

function readPublication(reader: YamlReader, place: Place, outputs: readonly string[]): Publication | undefined {
  const fields = new Map(reader.members(place, ['output', 'dataset', 'mode', 'contract']).map((field) => [field.key, field]));
  const [output, dataset] = [reader.text(fields.get('output')), reader.text(fields.get('dataset'))];
  const mode = reader.choice(fields.get('mode'), ['append', 'replace']) ?? 'append';
  const contractPlace = fields.get('contract');
  const contractText = reader.text(contractPlace);
  const contract = contractPlace === undefined || contractText === undefined ? undefined : innerPath(reader, contractPlace, contractText);
  if (output === undefined || dataset === undefined) return reader.problem(place, `${place.name} needs an output and a dataset`);
  if (!outputs.includes(output))
    reader.problem(fields.get('output') ?? place, `the step has no output "${output}"; it has ${outputs.join(', ') || 'none'}`);
  return { output, dataset, mode, contract };
}
