import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { templateErrors } from './model.ts';

const execute = promisify(execFile);
const notCopied = new Set(['node_modules', 'template.yaml', '.git']);

/**
 * Copies a template into `path`, names the project, and puts it under version control where git is installed.
 * @throws `templates.folder-not-empty`
 */
export async function instantiate(folder: string, { path, project }: { path: string; project: string }): Promise<void> {
  if (existsSync(path) && readdirSync(path).length > 0) throw templateErrors['folder-not-empty']({ path });
  mkdirSync(path, { recursive: true });
  cpSync(folder, path, { recursive: true, filter: (source) => source === folder || !notCopied.has(basename(source)) });
  const definition = join(path, 'ripen.yaml');
  writeFileSync(definition, readFileSync(definition, 'utf8').replace(/^project: .*$/m, `project: ${project}`));
  if (!existsSync(join(path, '.gitignore'))) writeFileSync(join(path, '.gitignore'), 'node_modules\n.ripen/\n');
  await commit(path);
}

/** A first commit, so that every run can say which code it ran. Without git the project works too, but its runs name no commit. */
async function commit(path: string): Promise<void> {
  const git = (...parameters: string[]) => execute('git', ['-C', path, ...parameters]);
  try {
    await git('init', '--quiet', '--initial-branch=main');
    await git('add', '--all');
    await git('-c', 'user.name=Ripen', '-c', 'user.email=ripen@localhost', 'commit', '--quiet', '--message=Start from a Ripen template');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
}
