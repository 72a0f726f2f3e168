import type { Identity } from '#identity/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { RequestHead } from '#kernel/http/index.ts';
import type { Policy } from './policy.ts';

/**
 * Lets a caller in whose protocol knows no projects: they work in the project that the address names, else in the one of their token,
 * else in the default one. @throws an `authentication` or `not-allowed` error
 */
export type Admission = (
  head: RequestHead,
  action: string,
  named: string | undefined,
) => Promise<{ readonly actor: Actor; readonly project: string }>;

/** Where clients work that name no project and whose token is bound to none. */
const defaultProject = 'default';

const anybody = { kind: 'system', id: 'anybody', name: 'Anybody' } as const;

export function createAdmission({
  identity,
  policy,
}: {
  identity: Pick<Identity, 'authenticate' | 'projects'>;
  policy: Policy;
}): Admission {
  let opened = false;
  return async (head, action, named) => {
    if (action === 'public') return { actor: anybody, project: named ?? defaultProject };
    const principal = await identity.authenticate(head);
    const project = named ?? principal.project ?? defaultProject;
    policy.authorize(principal, action, { project });
    if (project === defaultProject && !opened) {
      await identity.projects.open({ actor: principal.actor, project }, project);
      opened = true;
    }
    return { actor: principal.actor, project };
  };
}
