import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { type Service, type ServiceLogLine, spawnService, type Supervision, supervise } from '#kernel/processes/index.ts';
import { forgetReport } from './account-store.ts';
import type { AgentConfiguration } from './agent-configuration.ts';
import type { Environment } from './model.ts';

export interface AgentTokens {
  create(
    context: { readonly actor: typeof systemActor },
    request: {
      readonly label: string;
      readonly actor: { readonly kind: 'service'; readonly id: string; readonly name: string };
      readonly scope: 'agent';
      readonly account: string;
      readonly expiresAt: number;
    },
  ): Promise<{ readonly token: { readonly id: string }; readonly secret: string }>;
  revoke(context: { readonly actor: typeof systemActor }, id: string): Promise<void>;
}

export interface AgentsDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'log' | 'home' | 'instance' | 'settings' | 'database'>;
  readonly tokens: AgentTokens;
}

const tokenLifeMs = 12 * 3_600_000;
const renewEveryMs = tokenLifeMs / 2;
const main = fileURLToPath(new URL('../agent/main.ts', import.meta.url));

/** The id of the actor that an account's agent is. */
export function agentActorId(account: string): string {
  return `agent-${account}`;
}

/** The agent processes on this machine, one for each account that is used. */
export function createAgents({ kernel, tokens }: AgentsDeps) {
  const running = new Map<Environment, Agent>();
  let address: string | undefined;
  return {
    /** From now on agents can be started: the control plane listens there. */
    open(at: string): void {
      address = at;
    },
    /** Starts the agent of an account if it does not run. */
    ensure(account: Environment): void {
      if (address === undefined || running.has(account)) return;
      running.set(account, startAgent({ kernel, tokens }, { account, address }));
    },
    processId: (account: Environment): number | undefined => running.get(account)?.supervision.status().current?.pid,
    async stop(): Promise<void> {
      address = undefined;
      const ending = [...running.values()].map((agent) => agent.stop());
      running.clear();
      await Promise.all(ending);
    },
  };
}

interface Agent {
  readonly supervision: Supervision<Service>;
  stop(): Promise<void>;
}

function startAgent({ kernel, tokens }: AgentsDeps, { account, address }: { account: Environment; address: string }): Agent {
  const log = kernel.log.child({ agent: account });
  const directory = join(kernel.home, 'accounts', account);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const held: { id: string; secret: string; until: number }[] = [];
  const renew = async (): Promise<string> => {
    const expiresAt = kernel.clock.now() + tokenLifeMs;
    const actor = { kind: 'service', id: agentActorId(account), name: `Agent of ${account}` } as const;
    const { token, secret } = await tokens.create(
      { actor: systemActor },
      { label: `agent ${account}`, actor, scope: 'agent', account, expiresAt },
    );
    held.push({ id: token.id, secret, until: expiresAt });
    while (held.length > 2) await revoke(held.shift()?.id);
    return secret;
  };
  const revoke = async (id: string | undefined): Promise<void> => {
    if (id !== undefined) await tokens.revoke({ actor: systemActor }, id);
  };
  const currentToken = async (): Promise<string> => {
    const newest = held.at(-1);
    return newest !== undefined && newest.until - kernel.clock.now() > renewEveryMs / 2 ? newest.secret : renew();
  };
  const supervision = supervise<Service>({
    clock: kernel.clock,
    backoff: { initialMs: 100, maximumMs: 10_000 },
    onExit: (exit) => log.warn({ code: exit.code, signal: exit.signal, reason: exit.stopReason }, 'the agent has ended'),
    async start() {
      await kernel.database.transaction((tx) => forgetReport(tx, account));
      const token = await currentToken();
      const service = spawnAgent(kernel, { account, directory, log });
      const configuration: AgentConfiguration = {
        kind: 'configure',
        account,
        address: reachable(address),
        token,
        directory,
        instance: kernel.instance,
        gatewayPort: gatewayPort(kernel.settings.gatewayPort, account),
        logLevel: kernel.settings.logLevel,
      };
      await service.send(configuration);
      return service;
    },
  });
  const renewal = setInterval(() => {
    renew()
      .then((token) => supervision.status().current?.send({ kind: 'token', token }))
      .catch((error: unknown) => log.warn({ err: error }, 'the token of the agent could not be renewed'));
  }, renewEveryMs);
  renewal.unref();
  return {
    supervision,
    async stop() {
      clearInterval(renewal);
      await supervision.stop('the server stops');
      for (const { id } of held) await revoke(id);
    },
  };
}

function spawnAgent(
  kernel: AgentsDeps['kernel'],
  { account, directory, log }: { account: Environment; directory: string; log: Kernel['log'] },
): Service {
  return spawnService({
    name: `agent ${account}`,
    file: main,
    cwd: directory,
    // Nothing of the control plane's environment: it may hold its credentials.
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', LANG: 'C.UTF-8', TMPDIR: process.env['TMPDIR'] ?? '/tmp' },
    graceMs: 5000,
    owner: kernel.instance,
    onLog: (line) => passOn(log, line),
  });
}

/** The agent logs JSON lines; anything else is the last word of a crash. */
function passOn(log: Kernel['log'], { text, record }: ServiceLogLine): void {
  if (record === undefined) return log.warn({ text }, 'the agent wrote');
  const { level, msg, time: _, ...data } = record;
  const message = typeof msg === 'string' ? msg : 'the agent wrote';
  if (level === 'error' || level === 'warn' || level === 'debug') log[level](data, message);
  else log.info(data, message);
}

/** Production has the configured port, staging the next one; 0 takes any. */
function gatewayPort(configured: number, account: Environment): number {
  return configured === 0 || account === 'production' ? configured : configured + 1;
}

/** A server that listens on every address is reached over loopback. */
function reachable(address: string): string {
  return address.replace(/^http:\/\/(0\.0\.0\.0|\[?::\]?):/, 'http://127.0.0.1:');
}
