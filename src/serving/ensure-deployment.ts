import type { ChangeContext } from '#kernel/events/index.ts';
import { advanceDesiredVersion } from './account-store.ts';
import { completeSpec, type DeploymentSpec, isSpecComplete, parseDeploymentSpec } from './deployment-spec.ts';
import { findDeployment, listDeployments, putDeployment } from './deployment-store.ts';
import { servingErrors } from './errors.ts';
import type { Deployment, Environment } from './model.ts';
import { source, subjectOf, type Workshop } from './service.ts';

const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export interface EnsureInput {
  readonly project: string;
  readonly deployment: string;
  readonly environment: Environment;
  /** The entry of `deployments:` in ripen.yaml, as it was read; its `model` names the model. */
  readonly spec: unknown;
}

/**
 * Makes the deployment, or brings its spec up to date.
 * @throws `serving.spec-invalid`, `serving.invalid-name`, `serving.deployment-name-taken`, `serving.deployment-other-model`
 */
export async function ensureDeployment(workshop: Workshop, context: ChangeContext, input: EnsureInput): Promise<Deployment> {
  const { deployment: name, environment } = input;
  if (!namePattern.test(name)) throw servingErrors['invalid-name']({ deployment: name });
  const spec = parseDeploymentSpec(name, input.spec);
  const { name: project } = await workshop.projects.project(input.project);
  const wanted: Deployment = { project, name, environment, model: spec.model, spec, createdAt: workshop.clock.now() };
  return workshop.events.change({ ...context, project }, async (change) => {
    const existing = await findDeployment(change, { deployment: name, environment });
    const [namesake] = await listDeployments(change, { deployment: name });
    if (namesake !== undefined && namesake.project !== project) {
      throw servingErrors['deployment-name-taken']({ deployment: name, project: namesake.project });
    }
    if (existing !== undefined && existing.model !== spec.model) {
      throw servingErrors['deployment-other-model']({ deployment: name, environment, model: existing.model, other: spec.model });
    }
    if (existing !== undefined && JSON.stringify(existing.spec) === JSON.stringify(spec)) return existing;
    await putDeployment(change, wanted);
    await advanceDesiredVersion(change, environment);
    const type = existing === undefined ? 'deployment.created' : 'deployment.changed';
    change.emit({
      type,
      source,
      subject: subjectOf(wanted),
      data: { deployment: name, environment, model: spec.model, ...specFacts(spec) },
    });
    return { ...wanted, createdAt: existing?.createdAt ?? wanted.createdAt };
  });
}

function specFacts(spec: DeploymentSpec) {
  return {
    specComplete: isSpecComplete(spec),
    specFields: [...spec.declared],
    maximumModelAgeDays: spec.maximumModelAgeDays,
    specMissing: completeSpec.filter((field) => !spec.declared.includes(field)),
  };
}
