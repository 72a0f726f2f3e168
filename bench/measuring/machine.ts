import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  readonly python: string | undefined;
  /** Mean number of processes that wanted a core in the minute before; other work counts. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${distribution()}${type()} ${release().split('-')[0]}`,
    node: process.versions.node,
    python: pythonVersion(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function distribution(): string {
  try {
    const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name === undefined ? '' : `${name}, `;
  } catch {
    // Not Linux.
    return '';
  }
}

function pythonVersion(): string | undefined {
  try {
    return execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim().replace('Python ', '');
  } catch {
    // No peer can run then.
    return undefined;
  }
}
