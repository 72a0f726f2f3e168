import { RipenError } from '#kernel/errors.ts';
import { MlflowError } from '#tracking/index.ts';
import { promptTag } from '../model.ts';

/** The words that clients look for, in place of the registry's own. */

interface Named {
  readonly name: string;
  readonly version?: string | undefined;
  readonly alias?: string | undefined;
}

/** Does the work; what the registry refuses is told as MLflow's server does. */
export async function inClientWords<Result>(of: Named, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RipenError ? (said(error, of) ?? error) : error;
  }
}

function said(error: RipenError, { name, version = '', alias = '' }: Named): MlflowError | undefined {
  const missing = (message: string) => new MlflowError('RESOURCE_DOES_NOT_EXIST', message, { cause: error });
  const invalid = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message, { cause: error });
  switch (error.code) {
    case 'registry.model-not-found':
      return missing(`Registered Model with name=${name} not found`);
    case 'registry.version-not-found':
    case 'registry.version-deleted':
      return missing(`Model Version (name=${name}, version=${version}) not found`);
    case 'registry.alias-not-found':
      return invalid(`Registered model alias ${alias} not found.`);
    case 'registry.stage-not-active':
      return invalid(
        `Model version transition cannot archive existing model versions because '${String(error.details?.['stage'])}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
      );
    case 'registry.stage-invalid':
    case 'registry.source-invalid':
      return invalid(error.message);
    case 'tracking.page-token-invalid':
      return invalid('Invalid page token: it is not one that this search gave.');
    default:
      return undefined;
  }
}

/** @throws MlflowError RESOURCE_ALREADY_EXISTS in the words for what is there and what was wanted */
export function alreadyExists(name: string, existing: 'model' | 'prompt', wanted: 'model' | 'prompt'): MlflowError {
  const word = { model: 'Registered Model', prompt: 'Prompt' };
  const message =
    existing === wanted
      ? `${word[wanted]} (name=${name}) already exists.`
      : `Tried to create a ${word[wanted].toLowerCase()} with name '${name}', but the name is already taken by a ${word[existing].toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
  return new MlflowError('RESOURCE_ALREADY_EXISTS', message);
}

const bad = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message);

export function checkName(name: string, parameter = 'name'): string {
  if (name.trim() === '')
    throw bad(`Missing value for required parameter '${parameter}'. See the API docs for more information about request parameters.`);
  if (/[/:]/.test(name)) throw bad(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  return name;
}

/** The number of a version, which the protocol sends as text. */
export function checkVersion(version: string): number {
  const number = /^\s*\+?\d{1,15}\s*$/.test(version) ? Number(version) : Number.NaN;
  if (Number.isNaN(number)) throw bad(`Parameter 'version' must be an integer, got '${version.slice(0, 100)}'.`);
  return number;
}

const longestAlias = 255;

export function checkAlias(alias: string, isNew: boolean): string {
  if (alias === '') throw bad('Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias))
    throw bad(`Invalid alias name: '${alias.slice(0, 300)}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`);
  if (alias.length > longestAlias) throw bad(`'Registered model alias name' exceeds the maximum length of ${longestAlias} characters`);
  if (isNew && alias.toLowerCase() === 'latest') throw bad("'latest' alias name (case insensitive) is reserved.");
  if (isNew && /^v\d+$/i.test(alias)) throw bad(`Version alias name '${alias}' is reserved.`);
  return alias;
}

const longestKey = 250;
const longestValue = 100_000;

/** Tags of a message, the last of each key. */
export function tagsOf(tags: readonly { readonly key: string; readonly value?: string | undefined }[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value = '' }) => [checkTagKey(key), checkTagValue(key, value)]));
}

export function checkTagKey(key: string): string {
  if (!/^[/\p{L}\p{N}\p{M}_.\- :]+$/u.test(key))
    throw bad(
      `Invalid value ${JSON.stringify(key.slice(0, 300))} for parameter 'key' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`,
    );
  if (key.length > longestKey) throw bad(`'key' exceeds the maximum length of ${longestKey} characters`);
  return key;
}

export function checkTagValue(key: string, value: string): string {
  if (value.length <= longestValue) return value;
  if (key === 'mlflow.prompt.text') throw bad(`Prompt text exceeds max length of ${longestValue} characters.`);
  throw bad(`'value' exceeds the maximum length of ${longestValue} characters`);
}

export function isPrompt(tags: Readonly<Record<string, string>>): boolean {
  return tags[promptTag]?.toLowerCase() === 'true';
}
