import type { Log } from '#kernel/log.ts';
import { runProcess, sweepOrphans } from '#kernel/processes/index.ts';
import type { Executor } from './executor.ts';

/** Steps as child processes of this server, each in its own process group. `instance` marks them. */
export function localExecutor(options: { readonly instance: string; readonly log: Log }): Executor {
  return {
    name: 'local',
    start({ command, cwd, env, timeoutMs, logPath }) {
      const running = runProcess({ command, cwd, env, timeoutMs, log: { path: logPath }, owner: options.instance });
      return { ended: running.exited, stop: (reason) => void running.stop(reason) };
    },
    async sweep() {
      const count = await sweepOrphans(options.instance);
      if (count > 0) options.log.warn({ count }, 'processes that an earlier server left behind were ended');
    },
  };
}
