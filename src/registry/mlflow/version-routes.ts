import {
  blobReply,
  field,
  type MlflowCall,
  MlflowError,
  mlflowMediaType,
  type MlflowRoute,
  mlflowRoute,
  rawReply,
} from '#tracking/index.ts';
import type { RegistryCommands } from '../commands.ts';
import { versionMessage } from './messages.ts';
import { checkName, checkTagKey, checkTagValue, checkVersion, inClientWords, isPrompt, tagsOf } from './refusals.ts';

const base = '2.0/mlflow/model-versions';
const named = { name: field.text().required(), version: field.text().required() };
const tag = field.message({ key: field.text().required(), value: field.text() });

/** Model versions of the MLflow protocol. */
export function versionRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [...createRoutes(registry), ...changeRoutes(registry), ...tagRoutes(registry), ...readRoutes(registry)];
}

function createRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'post',
      path: `${base}/create`,
      action: 'models:write',
      summary: 'Registers the next version of a registered model',
      request: {
        name: field.text().required(),
        source: field.text().required(),
        run_id: field.text(),
        tags: field.list(tag),
        run_link: field.text(),
        description: field.text(),
        model_id: field.text(),
      },
      async handle(input, { context, project }) {
        const name = checkName(input.name);
        const tags = tagsOf(input.tags);
        const { source, description, run_link: link } = input;
        checkSource(source);
        const [run, loggedModel] = [textOf(input.run_id), textOf(input.model_id)];
        const version = await inClientWords({ name, version: '' }, async () => {
          const model = await registry.model(project, name);
          // A prompt's versions need not say that they are of a prompt.
          const wanted = model.kind === 'prompt' && !isPrompt(tags) ? { 'mlflow.prompt.is_prompt': 'true', ...tags } : tags;
          return registry.registerFrom(context, { project, model: name, source, run, loggedModel, link, description, tags: wanted });
        });
        return { model_version: versionMessage(version) };
      },
    }),
  ];
}

/** Clients send '' for what they do not have. */
const textOf = (value: string | undefined) => (value === '' ? undefined : value);

/** Clients expect the status 500 for a file on another host, and do not try again because of these words. */
function checkSource(source: string): void {
  if (/^file:\/\/[^/]/i.test(source))
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `${source.slice(0, 300)} is not a valid remote uri. For remote access on windows, please consider using a different scheme such as SMB (e.g. smb://<hostname>/<path>).`,
      { status: 500 },
    );
}

function changeRoutes(registry: RegistryCommands): MlflowRoute[] {
  return [
    mlflowRoute({
      method: 'patch',
      path: `${base}/update`,
      action: 'models:write',
      summary: 'Changes the description of a version',
      request: { ...named, description: field.text() },
      handle: (input, call) =>
        changed(call, input, (of) => registry.editVersion(call.context, { ...of, description: input.description ?? '' })),
    }),
    mlflowRoute({
      method: 'post',
      path: `${base}/transition-stage`,
      action: 'models:write',
      summary: 'Moves a version to a stage',
      request: { ...named, stage: field.text().required(), archive_existing_versions: field.flag() },
      handle: (input, call) =>
        changed(call, input, (of) =>
          registry.setStage(call.context, { ...of, stage: input.stage, archiveOthers: input.archive_existing_versions }),
        ),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/delete`,
      action: 'models:write',
      summary: 'Deletes a version; it can be restored for a while',
      request: named,
      async handle(input, call) {
        await inClientWords(input, () => registry.deleteVersion(call.context, addressOf(call, input)));
        return {};
      },
    }),
  ];
}

interface Named {
  readonly name: string;
  readonly version: string;
}

function addressOf({ project }: MlflowCall, { name, version }: Named) {
  return { project, model: checkName(name), version: checkVersion(version) };
}

async function changed(
  call: MlflowCall,
  of: Named,
  work: (address: ReturnType<typeof addressOf>) => ReturnType<RegistryCommands['editVersion']>,
) {
  return { model_version: versionMessage(await inClientWords(of, () => work(addressOf(call, of)))) };
}

function tagRoutes(registry: RegistryCommands): MlflowRoute[] {
  const edit = (call: MlflowCall, of: Named, tags: Readonly<Record<string, string | undefined>>) =>
    inClientWords(of, async () => {
      await registry.editVersion(call.context, { ...addressOf(call, of), tags });
      return {};
    });
  return [
    mlflowRoute({
      method: 'post',
      path: `${base}/set-tag`,
      action: 'models:write',
      summary: 'Sets a tag of a version',
      request: { ...named, key: field.text().required(), value: field.text() },
      handle: ({ key, value = '', ...of }, call) => edit(call, of, { [checkTagKey(key)]: checkTagValue(key, value) }),
    }),
    mlflowRoute({
      method: 'delete',
      path: `${base}/delete-tag`,
      action: 'models:write',
      summary: 'Takes a tag of a version away',
      request: { ...named, key: field.text().required() },
      handle: ({ key, ...of }, call) => edit(call, of, { [checkTagKey(key)]: undefined }),
    }),
  ];
}

function readRoutes(registry: RegistryCommands): MlflowRoute[] {
  const read = (call: MlflowCall, of: Named) => {
    const { project, model, version } = addressOf(call, of);
    return inClientWords(of, () => registry.version(project, model, version));
  };
  return [
    mlflowRoute({
      method: 'get',
      path: `${base}/get`,
      action: 'models:read',
      summary: 'One version',
      request: named,
      handle: async (input, call) => ({ model_version: versionMessage(await read(call, input)) }),
    }),
    mlflowRoute({
      method: 'get',
      path: `${base}/get-download-uri`,
      action: 'models:read',
      summary: 'Where the files of a version lie',
      request: named,
      handle: async (input, call) => ({ artifact_uri: (await read(call, input)).location }),
    }),
    mlflowRoute({
      method: 'get',
      path: '/model-versions/get-artifact',
      action: 'models:read',
      summary: 'A file of a version, to be saved',
      request: { ...named, path: field.text().required() },
      async handle(input, call) {
        const { project, model, version } = addressOf(call, input);
        const file = await inClientWords(input, () => registry.file({ project, model, version, file: input.path }));
        const blob = { ...file, mediaType: mlflowMediaType(file.name), download: true };
        return rawReply(await blobReply(call.http, blob, (range) => registry.openFile(file, range)));
      },
    }),
  ];
}
