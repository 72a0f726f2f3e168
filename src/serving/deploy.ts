import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { advanceDesiredVersion } from './account-store.ts';
import type { ServableVersion } from './collaborators.ts';
import { insertRevision, nextRevisionNumber } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import type { DeployCause, Deployment, Environment, Revision, RevisionId, Rollout, RolloutId, RolloutStrategy } from './model.ts';
import { activeRollouts, putRollout } from './rollout-store.ts';
import { currentRevisions, deploymentIn, source, subjectOf, type Workshop } from './service.ts';

export interface DeployInput {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
  /** The deployment serves this model and no other. */
  readonly model?: string | undefined;
  readonly version: number;
  readonly release?: string | undefined;
  readonly cause: DeployCause;
  readonly strategy: RolloutStrategy;
}

export interface Deployed {
  readonly revision: Revision;
  readonly rollout: Rollout;
}

/**
 * Begins to serve a model version: a new revision and the rollout that brings it the traffic. Returns at once; the rollout goes on by
 * itself and also after a restart.
 * @throws `serving.deployment-not-found`, `serving.rollout-under-way`, `serving.model-not-servable`
 */
export async function deploy(workshop: Workshop, context: ChangeContext, input: DeployInput): Promise<Deployed> {
  const { project, deployment: name, environment, model: named } = input;
  const deployment = await deploymentIn(workshop, project, { deployment: name, environment });
  if (named !== undefined && named !== deployment.model) {
    throw servingErrors['deployment-other-model']({ deployment: name, environment, model: deployment.model, other: named });
  }
  const version = await workshop.registry.version(project, deployment.model, input.version);
  const model = servableFile(version);
  const deployed = await workshop.events.change({ ...context, project }, async (change) => {
    const place = { deployment: name, environment };
    const [running] = await activeRollouts(change, place);
    if (running !== undefined) throw servingErrors['rollout-under-way']({ ...place, rollout: running.id, state: running.state });
    const revision = await addRevision(workshop, change, { input, version, model });
    const rollout = await startRollout(workshop, change, { deployment, revision, strategy: input.strategy });
    return { revision, rollout };
  });
  workshop.desiredChanged.notify();
  return deployed;
}

function servableFile({ model, version, files, signature }: ServableVersion): { digest: string; signature: Revision['signature'] } {
  const refuse = (why: string) => servingErrors['model-not-servable']({ model, version: String(version), why });
  if (signature === undefined) throw refuse('it has no signature');
  const [odd] = signature.unservable ?? [];
  if (odd !== undefined) throw refuse(`"${odd.name}" is a ${odd.kind}, not a tensor`);
  const onnx = files.filter(({ name }) => name.endsWith('.onnx'));
  const chosen = onnx.find(({ name }) => name === 'model.onnx') ?? (onnx.length === 1 ? onnx[0] : undefined);
  if (chosen !== undefined) return { digest: chosen.digest, signature: { inputs: signature.inputs, outputs: signature.outputs } };
  if (onnx.length === 0) throw refuse('it has no file that ends in .onnx');
  throw refuse(`it has several ONNX files (${onnx.map(({ name }) => name).join(', ')}) and none is called model.onnx`);
}

async function addRevision(
  { ids, clock }: Workshop,
  change: Change,
  { input, version, model }: { input: DeployInput; version: ServableVersion; model: ReturnType<typeof servableFile> },
): Promise<Revision> {
  const { deployment, environment } = input;
  const time = clock.now();
  const revision: Revision = {
    id: ids.next() as RevisionId,
    deployment,
    environment,
    number: await nextRevisionNumber(change, { deployment, environment }),
    model: version.model,
    modelVersion: String(version.version),
    digest: version.digest,
    modelDigest: model.digest,
    signature: model.signature,
    state: 'starting',
    weight: 0,
    cause: input.cause,
    release: input.release,
    createdAt: time,
    stateAt: time,
    reason: undefined,
  };
  await insertRevision(change, revision);
  return revision;
}

async function startRollout(
  { ids, clock }: Workshop,
  change: Change,
  { deployment, revision, strategy }: { deployment: Deployment; revision: Revision; strategy: RolloutStrategy },
): Promise<Rollout> {
  const { environment } = revision;
  const { serving } = await currentRevisions(change, { deployment: deployment.name, environment });
  const id = ids.next() as RolloutId;
  const time = clock.now();
  const rollout: Rollout = {
    id,
    deployment: deployment.name,
    environment,
    revision: revision.id,
    stable: serving?.id,
    strategy,
    // Without anything to compare with, there is nothing to wait for.
    steps: strategy === 'canary' && serving !== undefined ? deployment.spec.canary : [100],
    step: 0,
    state: 'pending',
    salt: id,
    startedAt: time,
    stateAt: time,
    desiredVersion: await advanceDesiredVersion(change, environment),
    baseline: undefined,
    extensions: 0,
    measurements: [],
    reason: undefined,
    finishedAt: undefined,
  };
  await putRollout(change, rollout);
  change.emit({
    type: 'rollout.started',
    source,
    subject: subjectOf(deployment),
    data: {
      rollout: id,
      deployment: deployment.name,
      environment,
      revision: revision.id,
      model: revision.model,
      version: revision.modelVersion,
      strategy,
      steps: [...rollout.steps],
    },
  });
  return rollout;
}
