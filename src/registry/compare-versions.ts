import { type ComparedRow, type Run, rowsOf } from '#tracking/index.ts';
import { environmentFacts, schemaFacts } from './directory-facts.ts';
import type { ModelDirectory } from './mlmodel/index.ts';
import { loggedModelOf, runOf } from './provenance.ts';
import type { ModelVersion, Signature, TensorSpec } from './model.ts';
import type { VersionAddress, Workshop } from './service.ts';
import { getDirectory, getEvaluation, getVersion } from './versions.ts';

export interface SignatureChange {
  readonly side: 'input' | 'output';
  readonly name: string;
  readonly before: TensorSpec | undefined;
  readonly after: TensorSpec | undefined;
  /** What callers of the first version send or read is not what the second takes or gives: any change but a new output. */
  readonly breaking: boolean;
}

/** Two versions side by side; each row has the value of the first and of the second. */
export interface VersionComparison {
  readonly before: ModelVersion;
  readonly after: ModelVersion;
  /** Of evaluation.json. */
  readonly metrics: readonly ComparedRow<number>[];
  /** Latest metrics of the runs, and of the logged models where they know more. */
  readonly runMetrics: readonly ComparedRow<number>[];
  readonly parameters: readonly ComparedRow<string>[];
  readonly signature: readonly SignatureChange[];
  /** Columns, tensors and parameters that the `MLmodel` files say. */
  readonly schema: readonly ComparedRow<string>[];
  /** Python, packages and flavours that the model directories ask for. */
  readonly environment: readonly ComparedRow<string>[];
  /** Dataset by dataset: the snapshots that each was trained on; of a dataset that is not Ripen's its digest. */
  readonly snapshots: readonly ComparedRow<string>[];
  /** Digests of the files. */
  readonly files: readonly ComparedRow<string>[];
  readonly origin: readonly ComparedRow<string>[];
}

export async function compareVersions(
  workshop: Workshop,
  of: { project: string; model: string; before: string | number; after: string | number },
): Promise<VersionComparison> {
  const sides = [await readSide(workshop, { ...of, version: of.before }), await readSide(workshop, { ...of, version: of.after })] as const;
  const [{ version: before }, { version: after }] = sides;
  return {
    before,
    after,
    metrics: rowsOf(sides.map(({ metrics }) => metrics)),
    runMetrics: rowsOf(sides.map(metricsOf)),
    parameters: rowsOf(sides.map(({ run, logged }) => new Map(Object.entries({ ...logged?.parameters, ...run?.parameters })))),
    signature: compareSignatures(before.signature, after.signature),
    schema: rowsOf(sides.map(({ directory }) => schemaFacts(directory))),
    environment: rowsOf(sides.map(({ directory }) => environmentFacts(directory))),
    snapshots: rowsOf(sides.map(dataOf)),
    files: rowsOf(sides.map(({ version }) => new Map(version.files.map(({ name, digest }) => [name, digest as string])))),
    origin: rowsOf(sides.map(({ version }) => originOf(version))),
  };
}

interface Side {
  readonly version: ModelVersion;
  readonly run: Run | undefined;
  readonly logged: LoggedModelFacts | undefined;
  readonly directory: ModelDirectory | undefined;
  readonly metrics: ReadonlyMap<string, number>;
}

type LoggedModelFacts = Awaited<ReturnType<Workshop['tracking']['loggedModel']>>;

function metricsOf({ run, logged }: Side): Map<string, number> {
  return new Map([...(logged?.metrics ?? []), ...(run?.metrics ?? [])].map(({ name, value }) => [name, value]));
}

async function readSide(workshop: Workshop, address: VersionAddress): Promise<Side> {
  const version = await getVersion(workshop, address);
  const evaluation = await getEvaluation(workshop, { ...address, version: version.version });
  const metrics = Object.entries(evaluation?.metrics ?? {}).map(([name, value]) => [name, value ?? Number.NaN] as const);
  return {
    version,
    run: version.run === undefined ? undefined : await runOf(workshop, version.project, version.run),
    logged: version.loggedModel === undefined ? undefined : await loggedModelOf(workshop, version.project, version.loggedModel),
    directory: await getDirectory(workshop, { ...address, version: version.version }),
    metrics: new Map(metrics),
  };
}

/** Inputs, then outputs, that differ; none when both signatures are equal. */
export function compareSignatures(before: Signature | undefined, after: Signature | undefined): SignatureChange[] {
  return (['input', 'output'] as const).flatMap((side) => {
    const tensors = (signature: Signature | undefined) =>
      new Map((side === 'input' ? signature?.inputs : signature?.outputs)?.map((tensor) => [tensor.name, tensor]));
    const [old, young] = [tensors(before), tensors(after)];
    return [...new Set([...old.keys(), ...young.keys()])].flatMap((name): SignatureChange[] => {
      const [was, is] = [old.get(name), young.get(name)];
      if (was !== undefined && is !== undefined && sameTensor(was, is)) return [];

      const breaking = side === 'input' || was !== undefined;
      return [{ side, name, before: was, after: is, breaking }];
    });
  });
}

function sameTensor(a: TensorSpec, b: TensorSpec): boolean {
  return a.datatype === b.datatype && a.shape.length === b.shape.length && a.shape.every((size, index) => size === b.shape[index]);
}

function dataOf({ version: { snapshots }, run }: Side): Map<string, string> {
  const foreign = (run?.inputs ?? []).filter(({ snapshot }) => snapshot === undefined);
  const byDataset = new Map<string, number[]>();
  for (const { dataset, snapshot } of snapshots) byDataset.set(dataset, [...(byDataset.get(dataset) ?? []), snapshot]);
  return new Map([
    ...foreign.map(({ dataset, digest }) => [dataset, digest] as const),
    ...[...byDataset].map(([dataset, numbers]) => [dataset, numbers.map((number) => `@${number}`).join(', ')] as const),
  ]);
}

function originOf({
  source,
  run,
  loggedModel,
  pipelineRun,
  commit,
  codeDigest,
  environmentDigest,
  trainer,
}: ModelVersion): Map<string, string> {
  const facts = { source, run, loggedModel, pipelineRun, commit, codeDigest, environmentDigest, trainer: trainer.name };
  return new Map(Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
