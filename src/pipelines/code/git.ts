import { execFile } from 'node:child_process';

export interface GitState {
  readonly commit: string | undefined;
  /** Files of the folder differ from the commit. */
  readonly dirty: boolean | undefined;
}

/** The commit that a folder is at; both undefined where there is no repository or no git. */
export async function readGitState(folder: string): Promise<GitState> {
  const commit = (await git(folder, ['rev-parse', '--verify', 'HEAD']))?.trim();
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) return { commit: undefined, dirty: undefined };
  const changes = await git(folder, ['status', '--porcelain', '--untracked-files=normal', '--', '.']);
  return { commit, dirty: changes === undefined ? undefined : changes.trim() !== '' };
}

function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  const options = { cwd: folder, timeout: 10_000, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } };
  return new Promise((resolve) => {
    // No git, no repository and a repository without a commit all mean: there is no commit to name.
    execFile('git', [...args], options, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
