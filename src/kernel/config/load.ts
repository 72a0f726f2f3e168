import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { withoutCredentials } from '../database/index.ts';
import { nearestName } from '../nearest-name.ts';
import { configErrors } from './errors.ts';
import { declarations, type SettingDeclaration, type SettingKey, type Settings, type SettingValues } from './settings.ts';

export type SettingOrigin = 'default' | `file ${string}` | `environment ${string}` | `flag --${string}`;

/** A setting with where its value came from; what `ripen config` prints. */
export interface EffectiveSetting {
  readonly key: SettingKey;
  readonly environment: string;
  readonly value: unknown;
  /** The value with secrets masked. */
  readonly shown: string;
  readonly origin: SettingOrigin;
  readonly description: string;
}

export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting key. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** Relative paths are taken from here. */
  readonly directory: string;
}

/** Names that steps, tests and children of the server get; they are no settings. */
const notSettings = /^RIPEN_(INPUT_|OUTPUT_|PARAMETERS$|RUN_LOG$|INSTANCE$|PROCESS$|URL$|TOKEN$|PROJECT$|TEST_)/;

/**
 * Puts the settings together: defaults < `<home>/config.yaml` < environment < flags.
 * @throws `config.unknown-key`, `config.invalid-value`, `config.unreadable-file`, `config.open-without-authentication`
 */
export function loadConfig(sources: ConfigSources): { readonly settings: Settings; readonly effective: readonly EffectiveSetting[] } {
  const home = choose(declarations[0], sources, {}, '');
  const file = join(resolve(sources.directory, String(home.value)), 'config.yaml');
  const fromFile = readFile(file);
  refuseUnknown(sources);
  const effective = declarations.map((declaration) => choose(declaration, sources, fromFile, file));
  const settings = toSettings(effective, sources.directory);
  if (!isLoopback(settings.host) && settings.auth === 'none') throw configErrors['open-without-authentication']({ host: settings.host });
  return { settings, effective };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw configErrors['unreadable-file']({ file, problem: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw configErrors['unreadable-file']({ file, problem: 'it holds no settings' });
  const flat = flatten(content as Record<string, unknown>);
  const keys = declarations.map((declaration) => declaration.key as string).filter((key) => key !== 'home');
  for (const key of Object.keys(flat))
    if (!keys.includes(key)) throw configErrors['unknown-key']({ key, origin: `file ${file}`, nearest: nearestName(key, keys) });
  return flat;
}

/** `database: {url: …}` and `database.url: …` are the same setting. */
function flatten(content: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  const entries = Object.entries(content).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(flatten(value as Record<string, unknown>, `${prefix}${name}.`))
      : [[`${prefix}${name}`, value] as [string, unknown]],
  );
  return Object.fromEntries(entries);
}

function refuseUnknown({ environment, flags = {} }: ConfigSources): void {
  const names = declarations.map((declaration) => declaration.environment as string);
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('RIPEN_') || names.includes(name) || notSettings.test(name)) continue;
    throw configErrors['unknown-key']({ key: name, origin: 'The environment', nearest: nearestName(name, names) });
  }
  const keys = declarations.map((declaration) => declaration.key as string);
  for (const key of Object.keys(flags))
    if (!keys.includes(key)) throw configErrors['unknown-key']({ key, origin: 'The command line', nearest: nearestName(key, keys) });
}

function choose(
  declaration: SettingDeclaration & { readonly key: SettingKey },
  sources: ConfigSources,
  fromFile: Readonly<Record<string, unknown>>,
  file: string,
): EffectiveSetting {
  const candidates: [SettingOrigin, unknown][] = [
    [`flag --${declaration.key}`, sources.flags?.[declaration.key]],
    [`environment ${declaration.environment}`, emptyAsUnset(sources.environment[declaration.environment])],
    [`file ${file}`, fromFile[declaration.key]],
    ['default', declaration.defaultText],
  ];
  const [origin, text] = candidates.find(([, value]) => value !== undefined) ?? ['default', undefined];
  const parsed = declaration.schema.safeParse(typeof text === 'number' || typeof text === 'boolean' ? String(text) : text);
  if (!parsed.success) throw invalid(declaration, origin, text, parsed.error.issues[0]?.message ?? 'it has the wrong form');
  const value = parsed.data;
  return {
    key: declaration.key,
    environment: declaration.environment,
    value,
    shown: show(value, declaration.secret),
    origin,
    description: declaration.description,
  };
}

const emptyAsUnset = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function invalid({ key, schema }: SettingDeclaration, origin: string, text: unknown, problem: string) {
  const options = 'options' in schema && Array.isArray(schema.options) ? schema.options.map(String) : [];
  const told = options.length > 0 ? `"${String(text)}" is none of ${options.join(', ')}` : `"${String(text)}" ${problem}`;
  return configErrors['invalid-value']({ key, origin, problem: told, nearest: nearestName(String(text), options) });
}

function show(value: unknown, secret: SettingDeclaration['secret']): string {
  if (value === undefined) return '';
  if (secret === 'whole') return '***';
  const text = Array.isArray(value) ? value.join(',') : `${value as string | number | boolean}`;
  return secret === 'url' && /^[\w+]+:\/\/[^/]*@/.test(text) ? withoutCredentials(text) : text;
}

function toSettings(effective: readonly EffectiveSetting[], directory: string): Settings {
  // Each value has just passed the schema declared for its key, so it has that key's type.
  const value = Object.fromEntries(effective.map((setting) => [setting.key, setting.value])) as SettingValues;
  const home = resolve(directory, value.home);
  return {
    home,
    host: value.host,
    port: value.port,
    httpHosts: value['http.hosts'],
    auth: value.auth,
    databaseUrl: value['database.url'] ?? `sqlite:${join(home, 'ripen.db')}`,
    databaseDurability: value['database.durability'],
    objectsUrl: value['objects.url'] ?? `file:${join(home, 'objects')}`,
    logLevel: value['log.level'],
    stepsParallel: value['steps.parallel'],
    registryRetention: value['registry.retention'],
    webhooksSchemes: value['webhooks.schemes'],
    webhooksPrivateAddresses: value['webhooks.private-addresses'],
    gatewayPort: value['gateway.port'],
    otelEndpoint: value['otel.endpoint'],
  };
}
