import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestName } from '#kernel/nearest-name.ts';
import type { Projects } from './collaborators.ts';
import { type DeclaredDeployment, readDeployments, type SectionParser } from './deployment-file.ts';
import { deliveryErrors } from './errors.ts';

export type { DeclaredDeployment } from './deployment-file.ts';

const fileName = 'ripen.yaml';

/** The deployments that a project declares now, read from its folder each time. */
export function createProjectDeployments(projects: Projects, sections: readonly SectionParser[]) {
  async function list(project: string): Promise<readonly DeclaredDeployment[]> {
    const { path } = await projects.project(project);
    if (path === undefined) throw deliveryErrors['no-deployment-file']({ project, reason: 'it has no folder on this machine' });
    const file = join(path, fileName);
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw deliveryErrors['no-deployment-file']({ project, reason }, cause);
    });
    return readDeployments(text, { file, sections });
  }

  return {
    list,

    /** @throws `delivery.deployment-not-declared`, `delivery.deployments-invalid`, `delivery.no-deployment-file` */
    async deployment(project: string, name: string): Promise<DeclaredDeployment> {
      const declared = await list(project);
      const found = declared.find((one) => one.name === name);
      if (found !== undefined) return found;
      const nearest = nearestName(
        name,
        declared.map((one) => one.name),
      );
      throw deliveryErrors['deployment-not-declared']({ project, deployment: name, nearest });
    },
  };
}

export type ProjectDeployments = ReturnType<typeof createProjectDeployments>;
