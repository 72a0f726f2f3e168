import type { Publication, Publishing, StepDefinition, StepFailure, StepOutput } from '../model.ts';
import { selectRun } from '../run-store.ts';
import { selectStep, updateStep } from '../step-store.ts';
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
  const stepRun = session.steps.get(step.name);
  if (stepRun === undefined || step.publishes.length === 0) return undefined;
  const earlier = await publishedBefore(session, step.name);
  const published: Publishing[] = [...stepRun.published];
  for (const publication of step.publishes.slice(published.length)) {
    const output = outputs[publication.output];
    if (output === undefined) continue;
    try {
      const done = earlier.find(({ dataset, source }) => dataset === publication.dataset && source === output.digest);
      published.push(done ?? (await publishOne(session, step, { publication, output })));
    } catch (error) {
      session.stop.throwIfAborted();
      return failureOf(error);
    }
    const kept = [...published];
    await session.deps.events.database.transaction((tx) => updateStep(tx, stepRun.id, { published: kept }));
    session.steps.set(step.name, { ...(session.steps.get(step.name) ?? stepRun), published: kept });
  }
  return undefined;
}

async function publishOne(
  { deps, run, workspace, context }: Session,
  step: StepDefinition,
  { publication, output }: { publication: Publication; output: StepOutput },
): Promise<Publishing> {
  const { contract, dataset, mode } = publication;
  const manifest = await workspace.manifest(run.stepCode[step.name] ?? run.codeDigest);
  const entry = contract === undefined ? undefined : manifest[contract];
  const rules =
    entry === undefined || contract === undefined
      ? undefined
      : { text: (await deps.objects.read(entry.digest)).toString('utf8'), name: contract };
  const { snapshot } = await deps.data.publish(context, {
    project: run.project,
    dataset,
    file: { path: workspace.outputPath(step, publication.output) },
    mode,
    contract: rules,
    producer: { kind: 'pipeline-run', id: run.id },
  });
  return { source: output.digest, dataset: snapshot.dataset, snapshot: snapshot.number, digest: snapshot.digest, rows: snapshot.rows };
}

/** What the runs that this one retries have published already: the same bytes must not be appended twice. */
async function publishedBefore({ deps, run }: Session, step: string): Promise<Publishing[]> {
  const found: Publishing[] = [];
  for (let id = run.retryOf; id !== undefined; id = (await selectRun(deps.events.database, id))?.retryOf)
    found.push(...((await selectStep(deps.events.database, id, step))?.published ?? []));
  return found;
}
