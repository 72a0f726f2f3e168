import type { Actor } from '#kernel/events/index.ts';
import { agentActorId } from './agents.ts';
import { servingErrors } from './errors.ts';

/**
 * Agents are services with a fixed id, each for one account; policy has already refused everybody who is no agent.
 * @throws `serving.agent-elsewhere`
 */
export function requireAgentOf({ kind, id, name }: Actor, account: string): void {
  if (kind === 'service' && id !== agentActorId(account)) throw servingErrors['agent-elsewhere']({ actor: name, account });
}
