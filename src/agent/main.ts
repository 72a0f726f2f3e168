import { exitWithParent } from '#kernel/processes/index.ts';
import type { AgentConfiguration, AgentTokenMessage } from '#serving/index.ts';
import { type Agent, startAgent } from './agent.ts';

// Works inside one account: runs its model servers and its gateway as the control plane desires.
let agent: Agent | undefined;
let stopped: Promise<void> | undefined;

function stop(): Promise<void> {
  stopped ??= agent?.stop() ?? Promise.resolve();
  return stopped;
}

exitWithParent({ cleanUp: stop, limitMs: 4000 });
process.once('SIGTERM', () => {
  void stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
// The first message decides what to do; until then nothing else keeps this process.
process.channel?.ref();
process.on('message', (message: AgentConfiguration | AgentTokenMessage) => {
  if (message.kind === 'configure') agent ??= startAgent(message);
  else agent?.setToken(message.token);
});
