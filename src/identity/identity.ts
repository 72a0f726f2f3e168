import type { Endpoint, RequestHead } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { createAuthenticate } from './authenticate.ts';
import { identityEndpoints } from './endpoints.ts';
import type { Principal } from './model.ts';
import { createProjects } from './projects.ts';
import { createTokens } from './tokens.ts';

export interface Identity {
  readonly projects: ReturnType<typeof createProjects>;
  readonly tokens: ReturnType<typeof createTokens>;
  /** Who sends this request? @throws `identity.not-signed-in` */
  readonly authenticate: (request: RequestHead) => Promise<Principal>;
  readonly endpoints: readonly Endpoint[];
}

export function createIdentity({ kernel, auth }: { kernel: Pick<Kernel, 'clock' | 'ids' | 'events'>; auth: 'none' | 'tokens' }): Identity {
  const tokens = createTokens(kernel);
  const parts = { projects: createProjects(kernel), tokens, authenticate: createAuthenticate(auth, tokens) };
  return { ...parts, endpoints: identityEndpoints(parts) };
}
