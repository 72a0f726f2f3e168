import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Json } from '#kernel/canonical-json.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { digestOf } from '#kernel/objects/index.ts';
import type { CodeSnapshot, CodeSnapshots } from './code/code-snapshots.ts';
import { systemCode } from './code/system-code.ts';
import { definitionFile, readDefinition } from './definition/read-definition.ts';
import { pipelineErrors } from './errors.ts';
import type { PipelineDefinition, PipelinesFile } from './model.ts';
import { type DefinedPipeline, deletePipeline, selectPipeline, selectPipelines, writePipeline } from './pipeline-store.ts';
import type { RunnerDeps } from './runner/session.ts';
import { removeSchedules, setSchedules } from './triggers/schedules.ts';

export interface DefineDeps extends Pick<RunnerDeps, 'events' | 'clock' | 'jobs' | 'projects'> {
  readonly code: CodeSnapshots;
}

/** The project's folder and its ripen.yaml as it is now. */
export async function readProject(deps: Pick<DefineDeps, 'projects'>, project: string): Promise<{ path: string; file: PipelinesFile }> {
  const { path } = await deps.projects.project(project);
  if (path === undefined) throw pipelineErrors['project-has-no-code']({ project });
  try {
    return { path, file: readDefinition(await readFile(join(path, definitionFile), 'utf8')) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw pipelineErrors['definition-missing']({ path }, error);
    throw error;
  }
}

/** Reads ripen.yaml again: pipelines in it are written where they or their code changed, others are removed. */
export async function defineProject(deps: DefineDeps, context: ChangeContext, project: string): Promise<readonly DefinedPipeline[]> {
  const { path, file } = await readProject(deps, project);
  const snapshots = new Map<string, CodeSnapshot>();
  for (const definition of file.pipelines) snapshots.set(definition.name, await deps.code.take(path, definition));
  const before = await selectPipelines(deps.events.database, project);
  const schedules = await deps.jobs.schedules(`pipelines/${project}/`);
  await deps.events.change({ ...context, project }, async (change) => {
    for (const definition of file.pipelines) {
      const code = snapshots.get(definition.name);
      if (code !== undefined) await definePipeline(deps, change, { project, definition, code });
    }
    for (const { definition } of before)
      if (!file.pipelines.some(({ name }) => name === definition.name)) await deletePipeline(change, project, definition.name);
    await removeSchedules(deps.jobs, change, { project, pipelines: file.pipelines, present: schedules });
  });
  return selectPipelines(deps.events.database, project);
}

/** Writes one pipeline when it or its code differs from what is known. */
export async function definePipeline(
  deps: Pick<DefineDeps, 'clock' | 'jobs'>,
  change: Change,
  { project, definition, code }: { project: string; definition: PipelineDefinition; code: CodeSnapshot },
): Promise<void> {
  // A definition is plain data; going through JSON leaves out its undefined members, as reading it back does.
  const digest = digestOf(canonicalJson(JSON.parse(JSON.stringify(definition)) as Json));
  const { codeDigest, environmentDigest, commit, dirty } = code;
  const before = await selectPipeline(change, project, definition.name);
  const same =
    before?.digest === digest &&
    before.code.codeDigest === codeDigest &&
    before.code.environmentDigest === environmentDigest &&
    before.code.commit === commit;
  if (same) return;
  const definedAt = deps.clock.now();
  await writePipeline(change, { project, definition, digest, code: { codeDigest, environmentDigest, commit, dirty }, definedAt });
  await setSchedules(deps.jobs, change, { project, definition });
  change.emit({
    type: 'pipeline.defined',
    source: 'pipelines',
    subject: `projects/${project}/pipelines/${definition.name}`,
    data: { pipeline: definition.name, digest, codeDigest, environmentDigest, commit, dirty },
  });
}
