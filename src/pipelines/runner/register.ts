import { pipelineErrors } from '../errors.ts';
import type { Registered, Registration } from '../model.ts';
import { selectRuns, updateRun } from '../run-store.ts';
import type { Session } from './session.ts';

const lookBack = 50;

/**
 * Registers the model of a run whose steps all succeeded. When an earlier run of the pipeline registered exactly these files, that
 * version stands for this run too: nothing new was made.
 */
export async function registerModel(session: Session, registration: Registration): Promise<void> {
  const { deps, run } = session;
  if (run.registered !== undefined) return;
  const files = fileDigests(session, registration);
  const registered = (await earlierVersion(session, registration.model, files)) ?? (await newVersion(session, registration.model, files));
  await deps.events.database.transaction((tx) => updateRun(tx, run.id, { registered }));
}

async function newVersion(session: Session, model: string, files: Readonly<Record<string, string>>): Promise<Registered> {
  const { deps, run } = session;
  const { version } = await deps.registry.registerVersion(session.context, {
    project: run.project,
    model,
    run: await session.tracked(),
    files,
    snapshots: Object.values(session.pins).map(({ dataset, snapshot, digest }) => ({ dataset, snapshot, digest })),
    codeDigest: run.codeDigest,
    environmentDigest: run.environmentDigest,
    commit: run.commit,
    pipelineRun: run.id,
  });
  return { model, version, files, reused: false };
}

function fileDigests(session: Session, registration: Registration): Record<string, string> {
  return Object.fromEntries(
    Object.entries(registration.files).map(([file, { step, output }]) => {
      const kept = session.steps.get(step)?.outputs[output];
      if (kept === undefined) throw pipelineErrors['output-lost']({ step, output });
      if (kept.kind === 'directory') throw pipelineErrors['registers-directory']({ file, step, output });
      return [file, kept.digest];
    }),
  );
}

async function earlierVersion(session: Session, model: string, files: Readonly<Record<string, string>>): Promise<Registered | undefined> {
  const { project, pipeline } = session.run;
  const earlier = await selectRuns(session.deps.events.database, { project, pipeline, state: 'succeeded', limit: lookBack });
  const same = earlier.find(
    ({ registered }) =>
      registered?.model === model &&
      Object.keys(files).length === Object.keys(registered.files).length &&
      Object.entries(files).every(([name, digest]) => registered.files[name] === digest),
  );
  if (same?.registered === undefined || !(await session.deps.registry.isRegistered(project, same.registered))) return undefined;
  return { ...same.registered, reused: true };
}
