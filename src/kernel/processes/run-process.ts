import type { Exit, GroupExit, ProcessSpec, RunningProcess } from './model.ts';
import { startGroup } from './process-group.ts';
import { openProcessOutput, type ProcessOutput } from './process-output.ts';

const defaultGraceMs = 5000;

/**
 * Starts a command in its own process group. Nothing of it survives: not its exit, not `stop`, not our own death. Throws
 * `kernel.process-cwd-missing`, `kernel.process-log-unwritable` and `kernel.process-not-started`.
 */
export function runProcess(spec: ProcessSpec): RunningProcess {
  const output = openProcessOutput(spec.log);
  const group = startOrClose(spec, output);
  if (spec.stdin !== undefined) group.child.stdin?.end(spec.stdin);
  const exited = finish(group.exited, output);
  return {
    pid: group.child.pid,
    exited,
    stop: (reason) => {
      group.stop(reason);
      return exited;
    },
  };
}

function startOrClose(spec: ProcessSpec, output: ProcessOutput): ReturnType<typeof startGroup> {
  try {
    return startGroup({
      command: typeof spec.command === 'string' ? ['/bin/sh', '-c', spec.command] : spec.command,
      cwd: spec.cwd,
      env: spec.env,
      stdin: spec.stdin === undefined ? 'ignore' : 'pipe',
      timeoutMs: spec.timeoutMs,
      graceMs: spec.graceMs ?? defaultGraceMs,
      limits: spec.limits,
      owner: spec.owner,
      onOutput: output.write,
    });
  } catch (error) {
    void output.close();
    throw error;
  }
}

async function finish(exited: Promise<GroupExit>, output: ProcessOutput): Promise<Exit> {
  try {
    const exit = await exited;
    const { droppedBytes, error } = await output.close();
    return { ...exit, droppedLogBytes: droppedBytes, logError: error };
  } catch (error) {
    await output.close();
    throw error;
  }
}
