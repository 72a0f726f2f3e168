import type { Run } from '#tracking/index.ts';
import type { DataSnapshot } from './model.ts';
import type { Workshop } from './service.ts';

/** What is known about where a version comes from. */
export interface Provenance {
  readonly run: Run | undefined;
  readonly snapshots: readonly DataSnapshot[];
  readonly codeDigest: string | undefined;
  readonly environmentDigest: string | undefined;
  readonly commit: string | undefined;
  readonly pipelineRun: string | undefined;
}

type Known = { readonly [Key in keyof Omit<Provenance, 'run'>]?: Provenance[Key] | undefined };

const commitTag = 'mlflow.source.git.commit';

/** The run that is named tells what the call itself does not. @throws `tracking.run-not-found` */
export async function provenanceOf({ tracking }: Workshop, of: { project: string; run?: string | undefined } & Known): Promise<Provenance> {
  const run = of.run === undefined ? undefined : await tracking.run(of.project, of.run);
  const read = (run?.inputs ?? []).flatMap(({ dataset, snapshot, digest }) =>
    snapshot === undefined ? [] : [{ dataset, snapshot, digest }],
  );
  return {
    run,
    snapshots: of.snapshots ?? read,
    codeDigest: of.codeDigest ?? run?.codeDigest,
    environmentDigest: of.environmentDigest ?? run?.environmentDigest,
    commit: of.commit ?? run?.commit ?? run?.tags[commitTag],
    pipelineRun: of.pipelineRun ?? run?.pipelineRun,
  };
}

/** Files by which a model says what it needs; the first that is there stands for its environment. */
const environmentFiles = ['requirements.txt', 'conda.yaml', 'python_env.yaml'];

/** The digest of the environment: what the run says, else the lock file that lies beside the model. */
export function environmentOf(
  provenance: Provenance,
  files: readonly { readonly name: string; readonly digest: string }[],
): string | undefined {
  if (provenance.environmentDigest !== undefined) return provenance.environmentDigest;
  for (const name of environmentFiles) {
    const file = files.find((each) => each.name === name);
    if (file !== undefined) return file.digest;
  }
  return undefined;
}
