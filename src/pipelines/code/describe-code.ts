import { digestOf } from '#kernel/objects/index.ts';
import { readEnvironment } from './environment.ts';
import { type GitState, readGitState } from './git.ts';
import { createFileHasher } from './hash-files.ts';
import { manifestDigest, type ManifestEntry } from './manifest.ts';
import { listProject } from './project-files.ts';

export interface CodeDescription extends GitState {
  readonly codeDigest: string;
  readonly environmentDigest: string;
}

/** Which code and packages a project folder has now, by the digests that a pipeline run of all its files would name. Keeps nothing. */
export async function describeCode(root: string): Promise<CodeDescription> {
  const project = await listProject(root);
  const hasher = createFileHasher();
  const entries: [string, ManifestEntry][] = [];
  for (const path of project.toSorted()) entries.push([path, await hasher.entry(root, path)]);
  const topLevel = project.filter((path) => !path.includes('/'));
  const { text } = await readEnvironment(root, topLevel);
  return { codeDigest: manifestDigest(Object.fromEntries(entries)), environmentDigest: digestOf(text), ...(await readGitState(root)) };
}
