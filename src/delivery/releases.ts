import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { advance, subjectOf } from './advance.ts';
import type { Projects, RegisteredVersion, Registry, Serving } from './collaborators.ts';
import type { DeclaredDeployment, ProjectDeployments } from './project-deployments.ts';
import type { ReleaseDriver } from './drive-releases.ts';
import { deliveryErrors } from './errors.ts';
import { appendStep, insertApproval, listApprovals, listGates, listSteps } from './history-store.ts';
import type { Approval, GateEvaluation, Release, ReleaseCause, ReleaseId, ReleaseStep } from './model.ts';
import { isOutcome } from './states.ts';
import {
  findByOrigin,
  findRelease,
  insertRelease,
  listReleases,
  nextNumber,
  type ReleaseFilter,
  unfinishedReleases,
  requestCancellation,
} from './store.ts';

export interface ReleaseDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'events'>;
  readonly projects: Projects;
  readonly registry: Registry;
  readonly serving: Serving;
  readonly deployments: ProjectDeployments;
  readonly driver: ReleaseDriver;
}

export interface ReleaseRequest {
  readonly project: string;
  readonly deployment: string;
  /** The one that the deployment declares, unless said. */
  readonly model?: string | undefined;
  readonly version: number;
  readonly reason: string;
  readonly deliberate?: boolean | undefined;
  readonly cause?: ReleaseCause | undefined;
  readonly origin?: string | undefined;
}

export interface ReleaseStory {
  readonly release: Release;
  readonly gates: readonly GateEvaluation[];
  readonly approvals: readonly Approval[];
  readonly steps: readonly ReleaseStep[];
  /** How far the environment is that it moves into, in words. */
  readonly progress: string | undefined;
}

/** The commands on releases, and reading them. */
export function createReleases(deps: ReleaseDeps) {
  const { kernel, driver } = deps;
  const { database } = kernel.events;

  async function get(project: string, id: string): Promise<Release> {
    const release = await findRelease(database, project, id);
    if (release === undefined) throw deliveryErrors['release-not-found']({ project, release: id });
    return release;
  }

  async function abortStaging(context: ChangeContext, { project, deployment, id }: Release, reason: string): Promise<void> {
    await deps.serving.abort(context, { project, deployment, environment: 'staging' }, { release: id, reason });
  }

  async function progressOf({ project, deployment, id, state }: Release): Promise<string | undefined> {
    if (state !== 'staging' && state !== 'production') return undefined;
    const progress = await deps.serving.progress({ project, deployment, environment: state }, id);
    return progress?.state === 'moving' ? progress.note : undefined;
  }

  return {
    get,

    async story(project: string, id: string): Promise<ReleaseStory> {
      const release = await get(project, id);
      const [gates, approvals, steps] = await Promise.all([
        listGates(database, release.id),
        listApprovals(database, release.id),
        listSteps(database, release.id),
      ]);
      return { release, gates, approvals, steps, progress: await progressOf(release) };
    },

    /** Newest first. */
    async list(filter: ReleaseFilter): Promise<Release[]> {
      await deps.projects.project(filter.project);
      return listReleases(database, filter);
    },

    /**
     * Sends a model version towards production. The same `origin` gives the same release.
     * @throws `delivery.deployment-not-declared`, `delivery.deployments-invalid`, `delivery.wrong-model`, `delivery.already-serving`,
     * `delivery.already-on-the-way` and `registry.version-not-found`
     */
    async release(context: ChangeContext, request: ReleaseRequest): Promise<Release> {
      const declared = await deps.deployments.deployment(request.project, request.deployment);
      const { model } = declared;
      if (request.model !== undefined && request.model !== model) {
        throw deliveryErrors['wrong-model']({ deployment: declared.name, model: request.model, expected: model });
      }
      const version = await deps.registry.version(request.project, model, request.version);
      const place = { project: request.project, deployment: declared.name, environment: 'production' } as const;
      const serves = await deps.serving.serving(place);
      const made = newRelease(kernel, { request, declared, version, context });
      const release = await kernel.events.change({ ...context, project: request.project }, async (change) => {
        const same = made.origin === undefined ? undefined : await findByOrigin(change, made.project, made.origin);
        if (same !== undefined) return same;
        if (serves?.version === made.version) throw deliveryErrors['already-serving'](made);
        const other = (await unfinishedReleases(change, made)).find((one) => one.version === made.version);
        if (other !== undefined) throw deliveryErrors['already-on-the-way']({ ...other, release: other.id });
        const numbered = { ...made, number: await nextNumber(change, made.project) };
        await insertRelease(change, numbered);
        await appendStep(change, made.id, { state: 'created', time: made.createdAt, note: made.reason });
        const { id, deployment, digest, reason, deliberate, cause, number } = numbered;
        const data = { release: id, number, deployment, model, version: made.version, digest, reason, cause };
        const rehearsal = deliberate ? { deliberate } : {};
        change.emit({ type: 'release.created', source: 'delivery', subject: subjectOf(made), data: { ...data, ...rehearsal } });
        return numbered;
      });
      await driver.wake(release.id);
      return release;
    },

    /**
     * One person's word that this very digest may go to production; a second word of the same person changes nothing.
     * @throws `delivery.approver-not-a-person`, `delivery.approver-is-author`, `delivery.already-finished`
     */
    async approve(context: ChangeContext, target: { project: string; release: string; comment?: string | undefined }): Promise<Release> {
      const { actor } = context;
      if (actor.kind !== 'person') throw deliveryErrors['approver-not-a-person']({ actor: actor.name });
      const release = await get(target.project, target.release);
      const { needed, authorMayApprove } = release.plan.approvals;
      const isAuthor = release.author.kind === 'person' && release.author.id === actor.id;
      if (isAuthor && needed > 0 && !authorMayApprove) {
        throw deliveryErrors['approver-is-author']({ approver: actor.name, number: release.number });
      }
      await kernel.events.change({ ...context, project: release.project }, async (change) => {
        const now = await findRelease(change, release.project, release.id);
        if (now === undefined || isOutcome(now.state) || now.state === 'production') {
          throw deliveryErrors['already-finished']({ number: release.number, state: now?.state ?? release.state });
        }
        const approval: Approval = { approver: actor, comment: target.comment, time: kernel.clock.now(), counts: true };
        if (!(await insertApproval(change, release.id, approval))) return;
        const data = { release: release.id, approver: actor.id, digest: release.digest, comment: target.comment };
        change.emit({ type: 'release.approved', source: 'delivery', subject: subjectOf(release), data });
      });
      await driver.wake(release.id);
      return get(release.project, release.id);
    },

    /**
     * Stops a release. Before production it ends at once; staging keeps what it serves by then. In production the rollout is stopped and the
     * traffic goes back first. @throws `delivery.already-finished`
     */
    async cancel(context: ChangeContext, target: { project: string; release: string; reason: string }): Promise<Release> {
      for (;;) {
        const release = await get(target.project, target.release);
        if (isOutcome(release.state)) throw deliveryErrors['already-finished'](release);
        const cancellation = { actor: context.actor, reason: target.reason };
        const done =
          release.state === 'production'
            ? await database.transaction((tx) => requestCancellation(tx, release, cancellation))
            : await advance(kernel, release, { to: 'cancelled', context, note: target.reason, patch: { cancellation } });
        // Otherwise it moved meanwhile; look again.
        if (!done) continue;
        driver.interrupt(release.id);
        // Or the next release would find a rollout under way.
        if (release.state === 'staging') await abortStaging(context, release, target.reason);
        await driver.wake(release.id);
        return get(target.project, target.release);
      }
    },
  };
}

export type Releases = ReturnType<typeof createReleases>;

function newRelease(
  { clock, ids }: Pick<Kernel, 'clock' | 'ids'>,
  from: { request: ReleaseRequest; declared: DeclaredDeployment; version: RegisteredVersion; context: ChangeContext },
): Release {
  const { request, declared, version, context } = from;
  const now = clock.now();
  return {
    // Fresh from the only source of ids.
    id: ids.next() as ReleaseId,
    project: request.project,
    number: 0,
    deployment: declared.name,
    model: declared.model,
    version: version.version,
    digest: version.digest,
    reason: request.reason,
    deliberate: request.deliberate === true,
    cause: request.cause ?? 'release',
    origin: request.origin,
    author: context.actor,
    plan: { gates: declared.delivery.gates, approvals: declared.delivery.approvals, declaration: declared.declaration },
    state: 'created',
    note: undefined,
    comparedWith: undefined,
    smoke: undefined,
    smokeChecks: undefined,
    stagingRevision: undefined,
    productionRevision: undefined,
    cancellation: undefined,
    attempts: 0,
    failure: undefined,
    createdAt: now,
    stateAt: now,
    finishedAt: undefined,
  };
}
