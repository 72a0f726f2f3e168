import type { ProcessLimits } from './model.ts';

export interface GuardOptions {
  /** File descriptor of the lifeline in the child. */
  readonly lifeline: number;
  /** Between the end of our process and the kill of the group. */
  readonly delaySeconds?: number | undefined;
  readonly limits?: ProcessLimits | undefined;
}

/**
 * Arguments of `/bin/sh` that run a command in place of the shell, with a guard beside it. The guard waits for the end of
 * the lifeline, a pipe whose other end only our process holds: when we die, even by kill -9, the kernel closes it and the
 * guard kills the whole process group. The guard is forked twice so that the command does not see a child it never started.
 */
export function guarded(command: readonly string[], options: GuardOptions): string[] {
  const fd = options.lifeline;
  // A service also has its message channel, on descriptor 3, which the guard must not keep open.
  const others = Array.from({ length: fd - 3 }, (_, index) => `${index + 3}>&-`).join(' ');
  const delay = options.delaySeconds === undefined ? '' : `sleep ${options.delaySeconds};`;
  const script = `
( ( trap '' HUP INT QUIT USR1 USR2 PIPE ALRM TERM; cd /; read -r _; ${delay} kill -KILL 0 ) <&${fd} >/dev/null 2>&1 ${fd}>&- ${others} & )
${limitLines(options.limits).join('\n')}
exec "$@" ${fd}>&-`;
  return ['-c', script, 'ripen', ...command];
}

/** A limit that the machine does not know, or that is already lower, stays as it is. */
function limitLines(limits: ProcessLimits = {}): string[] {
  const lines: string[] = [];
  const set = (flags: string, value: number): void => {
    lines.push(`ulimit ${flags} ${Math.max(1, Math.ceil(value))} 2>/dev/null || :`);
  };
  // Soft below hard: SIGXCPU says more than SIGKILL.
  if (limits.cpuSeconds !== undefined) {
    set('-S -t', limits.cpuSeconds);
    set('-H -t', limits.cpuSeconds + 5);
  }
  if (limits.openFiles !== undefined) set('-n', limits.openFiles);
  if (limits.fileSizeBytes !== undefined) set('-f', limits.fileSizeBytes / 512);
  // A backstop for growth between two samples, in KiB; generous, because it counts reserved memory and not only used.
  if (limits.memoryBytes !== undefined) set('-d', (limits.memoryBytes * 2) / 1024 + 512 * 1024);
  return lines;
}
