import { type Digest, type ObjectStore, parseDigest } from '#kernel/objects/index.ts';
import type { Data, RegisteredVersion, Registry, Serving } from './collaborators.ts';
import { contractFacts } from './contract-facts.ts';
import type { ContractFacts, ProductionFacts } from './gates/gate-facts.ts';
import type { GateCheck } from './gates/gate-rules.ts';
import type { ModelFile } from './gate-worker/protocol.ts';
import type { Release } from './model.ts';

export interface FactSources {
  readonly registry: Registry;
  readonly data: Data;
  readonly serving: Serving;
  readonly objects: ObjectStore;
}

/** What is known of a release before any model runs. Each part that could not be learnt is a check that refuses, with the reason. */
export interface GatheredFacts {
  readonly checks: readonly GateCheck[];
  readonly version: RegisteredVersion | undefined;
  readonly candidate: ModelFile | undefined;
  /** Path of the evaluation file, whose digest holds. */
  readonly evaluation: string | undefined;
  readonly sizeBytes: number | undefined;
  readonly production: ProductionFacts | undefined;
  readonly productionModel: ModelFile | undefined;
  /** Inputs of both models; undefined where a signature is unknown. */
  readonly inputs: readonly string[] | undefined;
  readonly contracts: readonly ContractFacts[] | undefined;
}

const modelFile = 'model.onnx';
const evaluationFile = 'evaluation.parquet';
const cardFile = 'card.md';

export async function gatherFacts(sources: FactSources, release: Release): Promise<GatheredFacts> {
  const { registry, serving, data, objects } = sources;
  const checks: GateCheck[] = [];
  const attempt = async <Result>(name: string, task: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await task();
    } catch (error) {
      checks.push({ name, outcome: 'refused', missing: true, explanation: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };
  const version = await attempt('version_registered', () => registry.version(release.project, release.model, release.version));
  if (version !== undefined) checks.push(...(await artifactChecks(objects, release, version)));
  const sound = checks.every((check) => check.outcome === 'passed');
  const serves = await attempt('production_known', async () => {
    const found = await serving.serving({ project: release.project, deployment: release.deployment, environment: 'production' });
    return { version: found && (await registry.version(release.project, release.model, found.version)) };
  });
  const contracts = version && (await attempt('contracts_known', () => contractFacts(data, release.project, version)));
  const path = (file: string, of: RegisteredVersion | undefined): Promise<string | undefined> =>
    attempt(`file_${file}`, async () => (of === undefined ? undefined : objects.path(digestOf(of, file))));
  const candidatePath = sound ? await path(modelFile, version) : undefined;
  const productionPath = await path(modelFile, serves?.version);
  return {
    checks,
    version,
    candidate:
      candidatePath === undefined || version === undefined ? undefined : { path: candidatePath, digest: digestOf(version, modelFile) },
    evaluation: sound ? await path(evaluationFile, version) : undefined,
    sizeBytes: sound && version !== undefined ? await attempt('size_known', () => objects.size(digestOf(version, modelFile))) : undefined,
    production: serves && productionFacts(serves.version),
    productionModel:
      productionPath === undefined || serves?.version === undefined
        ? undefined
        : { path: productionPath, digest: digestOf(serves.version, modelFile) },
    inputs: inputsOf(version, serves?.version),
    contracts,
  };
}

/** The files are there, and their bytes are those that were registered. */
export async function artifactChecks(objects: ObjectStore, release: Release, version: RegisteredVersion): Promise<GateCheck[]> {
  return [await digestCheck(objects, release, version), await cardCheck(objects, version)];
}

async function digestCheck(objects: ObjectStore, release: Release, version: RegisteredVersion): Promise<GateCheck> {
  const name = 'artifact_digest';
  const refused = (explanation: string): GateCheck => ({ name, outcome: 'refused', explanation });
  if (version.archived === true) return refused('The version is archived.');
  if (version.digest !== release.digest) {
    return refused(`The registry now has ${version.digest} for this version; the release was made for ${release.digest}.`);
  }
  for (const file of [modelFile, evaluationFile]) {
    if (version.files[file] === undefined) return { ...refused(`The version has no file ${file}.`), missing: true };
    try {
      if (!(await objects.verify(digestOf(version, file)))) return refused(`The bytes of ${file} are not those that were registered.`);
    } catch (error) {
      return { ...refused(error instanceof Error ? error.message : String(error)), missing: true };
    }
  }
  return { name, outcome: 'passed', explanation: `The stored bytes of ${modelFile} and ${evaluationFile} have the registered digests.` };
}

async function cardCheck(objects: ObjectStore, version: RegisteredVersion): Promise<GateCheck> {
  const name = 'model_card';
  if (version.files[cardFile] === undefined) return { name, outcome: 'refused', explanation: `The version has no ${cardFile}.` };
  try {
    const size = await objects.size(digestOf(version, cardFile));
    if (size === 0) return { name, outcome: 'refused', explanation: `${cardFile} is empty.` };
    return { name, outcome: 'passed', explanation: `The version has a card of ${size} bytes.` };
  } catch (error) {
    return { name, outcome: 'refused', missing: true, explanation: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws for a file that the version does not have. */
function digestOf(version: RegisteredVersion, file: string): Digest {
  const digest = version.files[file];
  if (digest === undefined) throw new Error(`Version ${version.version} of ${version.model} has no file ${file}.`);
  return parseDigest(digest);
}

function productionFacts(version: RegisteredVersion | undefined): ProductionFacts {
  return version === undefined ? { state: 'none' } : { state: 'version', version: version.version, signature: version.signature };
}

function inputsOf(candidate: RegisteredVersion | undefined, production: RegisteredVersion | undefined): readonly string[] | undefined {
  if (candidate?.signature === undefined || (production !== undefined && production.signature === undefined)) return undefined;
  return [...candidate.signature.inputs, ...(production?.signature?.inputs ?? [])].map((input) => input.name);
}
