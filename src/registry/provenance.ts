import type { Run } from '#tracking/index.ts';
import { isRipenError } from './known-error.ts';
import type { DataSnapshot } from './model.ts';
import type { Workshop } from './service.ts';

/** What is known about where a version comes from. */
export interface Provenance {
  readonly run: Run | undefined;
  /** Of a run that Ripen need not know. */
  readonly runId: string | undefined;
  readonly snapshots: readonly DataSnapshot[];
  readonly codeDigest: string | undefined;
  readonly environmentDigest: string | undefined;
  readonly commit: string | undefined;
  readonly pipelineRun: string | undefined;
}

type Known = { readonly [Key in keyof Omit<Provenance, 'run' | 'runId'>]?: Provenance[Key] | undefined };

const commitTag = 'mlflow.source.git.commit';

/**
 * The run that is named tells what the call itself does not. One that is only `claimed` may be a run of another server.
 * @throws `tracking.run-not-found`
 */
export async function provenanceOf(
  workshop: Workshop,
  of: { project: string; run?: string | undefined; claimed?: boolean } & Known,
): Promise<Provenance> {
  const ask = of.claimed === true ? runOf : runThatIs;
  const run = of.run === undefined ? undefined : await ask(workshop, of.project, of.run);
  const read = (run?.inputs ?? []).flatMap(({ dataset, snapshot, digest }) =>
    snapshot === undefined ? [] : [{ dataset, snapshot, digest }],
  );
  return {
    run,
    runId: run?.id ?? of.run,
    snapshots: of.snapshots ?? read,
    codeDigest: of.codeDigest ?? run?.codeDigest,
    environmentDigest: of.environmentDigest ?? run?.environmentDigest,
    commit: of.commit ?? run?.commit ?? run?.tags[commitTag],
    pipelineRun: of.pipelineRun ?? run?.pipelineRun,
  };
}

const runThatIs = ({ tracking }: Workshop, project: string, run: string): Promise<Run> => tracking.run(project, run);

/** A version outlives its run. */
export async function runOf({ tracking }: Workshop, project: string, run: string): Promise<Run | undefined> {
  try {
    return await tracking.run(project, run);
  } catch (error) {
    if (isRipenError(error, 'tracking.run-not-found')) return undefined;
    throw error;
  }
}

/** A version outlives its logged model. */
export async function loggedModelOf({ tracking }: Workshop, project: string, id: string) {
  try {
    return await tracking.loggedModel(project, id);
  } catch (error) {
    if (isRipenError(error, 'tracking.logged-model-not-found')) return undefined;
    throw error;
  }
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
