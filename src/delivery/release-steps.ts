import { systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Move } from './advance.ts';
import type { DeployProgress, Place } from './collaborators.ts';
import { deliveryErrors } from './errors.ts';
import { decide, type GateDeps, judgeCandidate } from './evaluate-release.ts';
import { artifactChecks } from './gather-facts.ts';
import type { GateCheck } from './gates/gate-rules.ts';
import { listApprovals, listGates } from './history-store.ts';
import type { Environment, GateEvaluation, Release } from './model.ts';
import { smokeTest } from './smoke-test.ts';
import type { ReleaseState } from './states.ts';
import { releaseAhead } from './store.ts';

export interface StepDeps extends GateDeps {
  readonly kernel: GateDeps['kernel'] & Pick<Kernel, 'events'>;
}

/** `wait`: look again soon. `rest`: somebody must act first. A move into a busy state takes the turn of the deployment. */
export type StepResult = Move | 'wait' | 'rest';

type Step = (deps: StepDeps, release: Release, signal: AbortSignal) => Promise<StepResult>;

/** What is to be done in each state that is not an end. Each may be begun any number of times. */
export const releaseSteps: Readonly<Partial<Record<ReleaseState, Step>>> = {
  created: async ({ kernel }, release) =>
    (await releaseAhead(kernel.events.database, release)) === undefined ? { to: 'checking' } : 'wait',
  checking: check,
  staging: deployToStaging,
  'smoke-testing': testStaging,
  'awaiting-approval': openProduction,
  production: deployToProduction,
};

async function check(deps: StepDeps, release: Release, signal: AbortSignal): Promise<Move> {
  const judged = await judgeCandidate(deps, release, signal);
  const gate = decide(deps, release, { ...judged, environment: 'staging', approvals: 0 });
  const patch = { comparedWith: judged.comparedWith, smoke: judged.smoke };
  if (gate.outcome !== 'passed') return { to: 'refused', gate, patch, note: refusalOf(gate) };
  if (!release.deliberate) return { to: 'staging', gate, patch };
  // The gates were not told that it is a rehearsal, but what is meant to be bad must serve nobody.
  const { code, message, hint } = deliveryErrors['rehearsal-passed'](release);
  return { to: 'failed', gate, patch: { ...patch, failure: { code, message, hint } }, note: message };
}

async function deployToStaging(deps: StepDeps, release: Release): Promise<StepResult> {
  const progress = await deploy(deps, release, 'staging');
  if (progress === undefined || progress.state === 'moving') return 'wait';
  const patch = { stagingRevision: progress.revision };
  if (progress.state !== 'serving') return failure('staging', progress.reason, patch);
  await setAlias(deps, release, 'staging');
  return { to: 'smoke-testing', patch };
}

async function testStaging(deps: StepDeps, release: Release, signal: AbortSignal): Promise<Move> {
  const place = placeOf(release, 'staging');
  const smokeChecks = await smokeTest(deps.serving, release, { place, revision: release.stagingRevision ?? '', signal });
  if (smokeChecks.every(({ outcome }) => outcome === 'passed')) return { to: 'awaiting-approval', patch: { smokeChecks } };
  const checks = [...(await checksOfStaging(deps, release)), ...smokeChecks];
  const input = { checks, comparedWith: release.comparedWith, measurements: undefined, brokeDown: false };
  const gate = decide(deps, release, { ...input, environment: 'production', approvals: 0 });
  return { to: 'refused', gate, patch: { smokeChecks }, note: refusalOf(gate) };
}

/** Production may have changed while the release waited, so what was compared with then may not be what serves now. */
async function openProduction(deps: StepDeps, release: Release, signal: AbortSignal): Promise<StepResult> {
  const approvals = (await listApprovals(deps.kernel.events.database, release.id)).filter(({ counts }) => counts).length;
  if (approvals < release.plan.approvals.needed) return 'rest';
  if ((await releaseAhead(deps.kernel.events.database, release)) !== undefined) return 'wait';
  const judged = await judgeForProduction(deps, release, signal);
  const checks = [...judged.checks, ...(release.smokeChecks ?? []), approvalCheck(release, approvals)];
  const gate = decide(deps, release, { ...judged, checks, environment: 'production', approvals });
  const patch = { comparedWith: judged.comparedWith };
  return gate.outcome === 'passed' ? { to: 'production', gate, patch } : { to: 'refused', gate, patch, note: refusalOf(gate) };
}

async function judgeForProduction(deps: StepDeps, release: Release, signal: AbortSignal) {
  const serves = await deps.serving.serving(placeOf(release, 'production'));
  if (serves?.version !== release.comparedWith) return judgeCandidate(deps, release, signal);
  const version = await deps.registry.version(release.project, release.model, release.version);
  const artifacts = await artifactChecks(deps.objects, release, version);
  const names = new Set(artifacts.map(({ name }) => name));
  const kept = (await checksOfStaging(deps, release)).filter(({ name }) => !names.has(name));
  return { checks: [...artifacts, ...kept], comparedWith: release.comparedWith, measurements: undefined, brokeDown: false };
}

async function deployToProduction(deps: StepDeps, release: Release): Promise<StepResult> {
  const { cancellation } = release;
  const place = placeOf(release, 'production');
  if (cancellation !== undefined) {
    await deps.serving.abort({ actor: cancellation.actor, project: release.project }, place, {
      release: release.id,
      reason: cancellation.reason,
    });
  }
  const progress = cancellation === undefined ? await deploy(deps, release, 'production') : await deps.serving.progress(place, release.id);
  // Cancelled before anything was deployed there.
  if (cancellation !== undefined && progress === undefined) return { to: 'cancelled', note: cancellation.reason };
  if (progress === undefined || progress.state === 'moving') return 'wait';
  const patch = { productionRevision: progress.revision };
  if (progress.state === 'serving') {
    await setAlias(deps, release, 'production');
    return { to: 'released', patch, note: cancellation && 'The wish to cancel came after the last step.' };
  }
  if (cancellation !== undefined) return { to: 'cancelled', patch, note: cancellation.reason };
  if (progress.state === 'rolled-back') return { to: 'rolled-back', patch, note: progress.reason };
  return failure('production', progress.reason, patch);
}

/** Orders the deployment once; asking again finds the first order by the release. */
async function deploy(deps: StepDeps, release: Release, environment: Environment): Promise<DeployProgress | undefined> {
  const place = placeOf(release, environment);
  const progress = await deps.serving.progress(place, release.id);
  if (progress !== undefined) return progress;
  const context = { actor: systemActor, project: release.project };
  const { version, cause, plan } = release;
  await deps.serving.ensureDeployment(context, { ...place, spec: plan.declaration });
  const strategy = environment === 'staging' ? 'all-at-once' : 'canary';
  await deps.serving.deploy(context, { ...place, version, release: release.id, cause, strategy });
  return undefined;
}

async function setAlias({ registry }: StepDeps, { project, model, version }: Release, alias: Environment): Promise<void> {
  await registry.setAlias({ actor: systemActor, project }, { project, model, version, alias });
}

async function checksOfStaging({ kernel }: StepDeps, release: Release): Promise<readonly GateCheck[]> {
  const gates = await listGates(kernel.events.database, release.id);
  return gates.find(({ environment }) => environment === 'staging')?.checks ?? [];
}

function approvalCheck({ plan: { approvals } }: Release, count: number): GateCheck {
  const explanation =
    approvals.needed === 0
      ? 'No approval is asked for: nobody but its author has looked at this release.'
      : `${count} of ${approvals.needed} approvals${approvals.authorMayApprove ? ', the author may be among them' : ' by others than the author'}.`;
  return {
    name: 'approvals',
    outcome: count >= approvals.needed ? 'passed' : 'refused',
    value: count,
    threshold: approvals.needed,
    explanation,
  };
}

function placeOf({ project, deployment }: Release, environment: Environment): Place {
  return { project, deployment, environment };
}

function failure(environment: Environment, reason: string, patch: Partial<Release>): Move {
  const { code, message, hint } = deliveryErrors['stuck-deployment']({ environment, reason });
  return { to: 'failed', note: message, patch: { ...patch, failure: { code, message, hint } } };
}

function refusalOf({ checks }: GateEvaluation): string {
  const refused = checks.filter(({ outcome }) => outcome !== 'passed');
  return `${refused.length} of ${checks.length} checks refuse: ${refused.map(({ name }) => name).join(', ')}.`;
}
