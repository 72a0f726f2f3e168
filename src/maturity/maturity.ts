import type { Identity } from '#identity/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { maturityEndpoints } from './endpoints.ts';
import { createMaturityService, type MaturityService } from './service.ts';

export interface Maturity extends MaturityService {
  readonly endpoints: readonly Endpoint[];
}

export interface MaturityDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'events' | 'log'>;
  readonly identity: { readonly projects: Pick<Identity['projects'], 'project'> };
}

export function createMaturity({ kernel, identity }: MaturityDeps): Maturity {
  const maturity = createMaturityService(kernel);
  return { ...maturity, endpoints: maturityEndpoints({ maturity, requireProject: identity.projects.project }) };
}
