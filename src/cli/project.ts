import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProjectWire } from '#identity/index.ts';
import { type Client, connect } from './client.ts';
import type { Given } from './command.ts';
import type { CliContext } from './context.ts';
import { cliErrors } from './errors.ts';
import { url } from './url.ts';

export interface ProjectSession {
  readonly client: Client;
  readonly project: string;
  /** `/api/v1/projects/<project>` */
  readonly base: string;
}

/**
 * Connects, and finds the project that is meant: `--project`, RIPEN_PROJECT, the nearest ripen.yaml upwards, or the only project.
 * @throws `cli.no-project`, `cli.which-project`
 */
export async function inProject(context: CliContext, given: Given): Promise<ProjectSession> {
  const client = connect(context);
  const project =
    given.project ?? context.environment['RIPEN_PROJECT'] ?? projectOfFolder(context.directory) ?? (await onlyProject(client));
  return { client, project, base: url`/api/v1/projects/${project}` };
}

/** The nearest folder upwards that has a ripen.yaml. */
export function projectFolder(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'ripen.yaml'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function projectOfFolder(directory: string): string | undefined {
  const folder = projectFolder(directory);
  // One line of the file is enough; whether the rest is right is for the commands that use it.
  return folder === undefined ? undefined : /^project:\s*["']?([\w-]+)/m.exec(readFileSync(join(folder, 'ripen.yaml'), 'utf8'))?.[1];
}

async function onlyProject(client: Client): Promise<string> {
  const { items } = await client.get<{ items: ProjectWire[] }>('/api/v1/projects');
  const [first] = items;
  if (first === undefined) throw cliErrors['no-project']({ server: client.address });
  if (items.length > 1) throw cliErrors['which-project']({ projects: items.map(({ name }) => name) });
  return first.name;
}
