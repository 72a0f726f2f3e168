import { findId } from './find-id.ts';
import type { ProjectSession } from './project.ts';
import { url } from './url.ts';

/** The address of a pipeline run by what was given of its id, or of the `latest`. */
export async function pipelineRunPath(session: ProjectSession, given: string): Promise<string> {
  const list = `${session.base}/pipeline-runs`;
  return list + url`/${await findId(session.client, { path: list, what: 'pipeline run' }, given)}`;
}
