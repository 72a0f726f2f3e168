import { artifactAddress, type Run } from '#tracking/index.ts';
import { registryErrors } from './errors.ts';
import type { ModelVersion } from './model.ts';
import type { Workshop } from './service.ts';
import { parseSource, type Source } from './source.ts';
import { getVersion } from './versions.ts';

/** What a source leads to within its project. */
export interface ResolvedSource {
  /** The source as it is kept: aliases are replaced by the version they point to now. */
  readonly source: string;
  /** Name within the version to digest. */
  readonly files: Readonly<Record<string, string>>;
  /** Where clients find files that Ripen does not have. */
  readonly location: string | undefined;
  readonly run: string | undefined;
  /** Nothing shows that the run is one of Ripen. */
  readonly claimed: boolean;
  readonly loggedModel: string | undefined;
  /** The version that is copied. */
  readonly copied: ModelVersion | undefined;
}

export interface SourceRequest {
  readonly project: string;
  readonly source: string;
  /** Must be the run of the source where the source names one. */
  readonly run?: string | undefined;
  readonly loggedModel?: string | undefined;
}

/** @throws `registry.source-invalid`, `tracking.run-not-found`, `registry.version-not-found` */
export async function resolveSource(workshop: Workshop, request: SourceRequest): Promise<ResolvedSource> {
  const parsed = parseSource(request.source);
  if (parsed.kind === 'run') return fromRun(workshop, request, parsed);
  if (parsed.kind === 'version') return fromVersion(workshop, request, parsed);
  if (parsed.kind === 'logged-model') return fromLoggedModel(workshop, request, parsed.id);
  if (parsed.kind === 'artifacts') return fromArtifacts(workshop, request, parsed.path);
  if (parsed.kind === 'local') return fromDisk(workshop, request, parsed.path);
  const { source, loggedModel } = request;
  const plain = { source, files: {}, claimed: true, loggedModel, copied: undefined };
  if (parsed.kind === 'nothing') return { ...plain, location: undefined, run: request.run };
  return { ...plain, location: source, run: request.run ?? (await runOfLoggedModel(workshop, request)) };
}

type Of<Kind extends Source['kind']> = Extract<Source, { kind: Kind }>;

async function fromRun(workshop: Workshop, request: SourceRequest, { run: id, folder }: Of<'run'>): Promise<ResolvedSource> {
  if (request.run !== undefined && request.run !== id) throw notOf(request.source, 'run_id');
  const run = await workshop.tracking.run(request.project, id);
  const files = await workshop.tracking.files({ holder: { kind: 'run', project: request.project, run: run.id }, name: '' });
  const chosen = below(files, folder);
  return {
    source: request.source,
    files: chosen,
    location: artifactAddress(addressOf(run), run.id, 'artifacts', ...(folder === '' ? [] : [folder])),
    run: run.id,
    claimed: false,
    loggedModel: request.loggedModel,
    copied: undefined,
  };
}

async function fromLoggedModel(workshop: Workshop, request: SourceRequest, id: string): Promise<ResolvedSource> {
  const { project, source } = request;
  if (request.loggedModel !== undefined && request.loggedModel !== id) throw notOf(source, 'model_id');
  const model = await workshop.tracking.loggedModel(project, id);
  const files = await workshop.tracking.files({ holder: { kind: 'logged-model', project, model: id }, name: '' });
  return {
    source,
    files: below(files, ''),
    location: addressOfModel(model),
    run: request.run ?? model.sourceRun,
    claimed: true,
    loggedModel: id,
    copied: undefined,
  };
}

/** A copy has the files, and where it comes from, of the version it is made from. */
async function fromVersion(workshop: Workshop, request: SourceRequest, named: Of<'version'>): Promise<ResolvedSource> {
  const { project, source } = request;
  const version = await getVersion(workshop, { project, ...named });
  if (version.kind === 'prompt') throw invalid(source, 'Prompt versions cannot be used as model version sources.');
  const differs = (given: string | undefined, own: string | undefined) => given !== undefined && given !== own;
  if (differs(request.run, version.run) || differs(request.loggedModel, version.loggedModel))
    throw invalid(source, 'The run_id and model_id request parameters must match the referenced model version.');
  return {
    source: `models:/${version.model}/${version.version}`,
    files: Object.fromEntries(version.files.map(({ name, digest }) => [name, digest])),
    location: version.location,
    run: version.run,
    claimed: true,
    loggedModel: version.loggedModel,
    copied: version,
  };
}

async function fromArtifacts(workshop: Workshop, request: SourceRequest, path: string): Promise<ResolvedSource> {
  const { project, source } = request;
  const place = await workshop.tracking.resolveArtifactPath(project, path);
  const { holder, name } = place;
  if (holder.kind === 'run') {
    const found = await fromRun(workshop, request, { kind: 'run', run: holder.run, folder: name });
    return { ...found, location: source };
  }
  if (holder.kind === 'logged-model') {
    const found = await fromLoggedModel(workshop, request, holder.model);
    return { ...found, location: source, files: below(await workshop.tracking.files(place), name) };
  }
  const files = below(await workshop.tracking.files(place), name);
  return { source, files, location: source, run: request.run, claimed: true, loggedModel: request.loggedModel, copied: undefined };
}

/** Only the client can open its disk, so a path must at least lie where its run or logged model keeps its files. */
async function fromDisk(workshop: Workshop, request: SourceRequest, path: string): Promise<ResolvedSource> {
  const { project, source } = request;
  if (/^file:\/\/[^/]/i.test(source)) throw invalid(source, `'${source.slice(0, 300)}' is not a valid remote uri.`);
  const model = request.loggedModel === undefined ? undefined : await workshop.tracking.loggedModel(project, request.loggedModel);
  const run = request.run === undefined ? undefined : await workshop.tracking.run(project, request.run);
  const homes = [
    model === undefined ? undefined : addressOfModel(model),
    run === undefined ? undefined : artifactAddress(addressOf(run), run.id, 'artifacts'),
  ];
  if (homes.some((home) => home !== undefined && isWithin(path, home)))
    return {
      source,
      files: {},
      location: source,
      run: run?.id ?? model?.sourceRun,
      claimed: true,
      loggedModel: request.loggedModel,
      copied: undefined,
    };
  const [parameter, holder] = request.loggedModel === undefined ? ['run_id', 'run'] : ['model_id', 'model'];
  throw invalid(
    source,
    `To use a local path as a model version source, the ${parameter} request parameter has to be specified and the local path has to be contained within the artifact directory of the ${holder} specified by the ${parameter}.`,
  );
}

function isWithin(path: string, home: string): boolean {
  const place = parseSource(home);
  if (place.kind !== 'local' || !place.path.startsWith('/')) return false;
  const root = place.path.replace(/\/+$/, '');
  return path === root || path.startsWith(`${root}/`);
}

async function runOfLoggedModel({ tracking }: Workshop, { project, loggedModel }: SourceRequest): Promise<string | undefined> {
  return loggedModel === undefined ? undefined : (await tracking.loggedModel(project, loggedModel)).sourceRun;
}

/** Files of a folder by their names within it; a name that is a file itself keeps its last part. */
function below(files: readonly { readonly name: string; readonly digest: string }[], folder: string): Record<string, string> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const chosen = files
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, digest }) => [name.slice(prefix.length), digest] as const);
  const single = files.find(({ name }) => name === folder);
  return Object.fromEntries(single === undefined ? chosen : [[folder.slice(folder.lastIndexOf('/') + 1), single.digest], ...chosen]);
}

function addressOfModel({ id, ...of }: { readonly id: string } & Pick<Run, 'experimentSequence' | 'experimentLocation'>): string {
  return artifactAddress(addressOf(of), 'models', id, 'artifacts');
}

function addressOf({ experimentSequence: sequence, experimentLocation: location }: Pick<Run, 'experimentSequence' | 'experimentLocation'>) {
  return { sequence, location };
}

const invalid = (source: string, problem: string) => registryErrors['source-invalid']({ source: source.slice(0, 500), problem });
const notOf = (source: string, parameter: string) =>
  invalid(source, `The ${parameter} request parameter must identify the resource that contains the source.`);
