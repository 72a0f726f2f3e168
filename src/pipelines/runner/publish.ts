import type { Publishing, StepDefinition, StepFailure, StepOutput } from '../model.ts';
import { updateStep } from '../step-store.ts';
import { failureOf, type Session } from './session.ts';

/**
 * Publishes what a step declares, in order. Each publication is remembered at once, so that a resumed step does not repeat it.
 * Gives the failure of the first that was refused, for example because its contract was broken and the file is in quarantine.
 */
export async function publishOutputs(
  session: Session,
  step: StepDefinition,
  outputs: Readonly<Record<string, StepOutput>>,
): Promise<StepFailure | undefined> {
  const { deps, run } = session;
  const stepRun = session.steps.get(step.name);
  if (stepRun === undefined) return undefined;
  const manifest = await session.workspace.manifest(run.stepCode[step.name] ?? run.codeDigest);
  let published: readonly Publishing[] = stepRun.published;
  for (const publication of step.publishes.slice(published.length)) {
    const entry = publication.contract === undefined ? undefined : manifest[publication.contract];
    if (outputs[publication.output] === undefined) continue;
    try {
      const { dataset, snapshot, digest, rows } = await deps.data.publish(session.context, {
        project: run.project,
        dataset: publication.dataset,
        file: session.workspace.outputPath(step, publication.output),
        mode: publication.mode,
        contract: entry === undefined ? undefined : (await deps.objects.read(entry.digest)).toString('utf8'),
        producer: { kind: 'pipeline-run', id: run.id },
      });
      published = [...published, { dataset, snapshot, digest, rows }];
    } catch (error) {
      session.stop.throwIfAborted();
      return failureOf(error);
    }
    const kept = published;
    await deps.events.database.transaction((tx) => updateStep(tx, stepRun.id, { published: kept }));
    session.steps.set(step.name, { ...(session.steps.get(step.name) ?? stepRun), published: kept });
  }
  return undefined;
}
