import { instanceProcesses } from '../testing/instance-processes.ts';

export const victims = ['server', 'agent', 'model server', 'step', 'analytics'] as const;
export type Victim = (typeof victims)[number];

const commands = {
  agent: /^\S*node\S* .*src\/agent\/main\.ts/,
  'model server': /^\S*node\S* .*src\/model-server\/main\.ts/,
  analytics: /^\S*node\S* .*src\/kernel\/analytics\/worker\.ts/,
  step: /tiny-step/,
} as const satisfies Record<Exclude<Victim, 'server'>, RegExp>;

/** Kills -9 one process of the kind, chosen by `choose`; undefined when none runs now. */
export function killOne(home: string, kind: Exclude<Victim, 'server'>, choose: (count: number) => number): number | undefined {
  const found = instanceProcesses(home).filter(({ leader, command }) => leader && commands[kind].test(command));
  const pid = found[choose(found.length)]?.pid;
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
    return undefined;
  }
  return pid;
}
