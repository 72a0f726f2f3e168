import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { type Audit, createAudit } from './audit.ts';
import { auditEndpoints } from './endpoints.ts';

export type { EventPageWire, EventWire, InclusionProofWire, VerificationWire } from './wire.ts';

export interface Governance extends Audit {
  readonly endpoints: readonly Endpoint[];
}

export function createGovernance({ kernel }: { kernel: Pick<Kernel, 'events' | 'database' | 'home' | 'log'> }): Governance {
  const audit = createAudit(kernel);
  return { ...audit, endpoints: auditEndpoints(kernel, audit) };
}
