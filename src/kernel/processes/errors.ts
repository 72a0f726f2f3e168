import { defineErrors } from '../errors.ts';

export const processErrors = defineErrors('kernel', {
  'process-cwd-missing': {
    kind: 'input',
    message: (a: { cwd: string }) => `The process was not started, because its folder ${a.cwd} does not exist or is not a folder.`,
  },
  'process-not-started': {
    kind: 'unavailable',
    message: (a: { command: string; reason: string }) => `The operating system did not start "${a.command}": ${a.reason}.`,
    hint: () => 'The machine may be out of processes, files or memory, or the arguments and environment are too large.',
  },
  'process-log-unwritable': {
    kind: 'unavailable',
    message: (a: { path: string; reason: string }) => `The log file ${a.path} cannot be written: ${a.reason}.`,
    hint: () => 'Check that the folder exists, that this user may write there and that the disk is not full.',
  },
  'process-gone': {
    kind: 'unavailable',
    message: (a: { name: string }) => `The message did not reach the service "${a.name}", because its process has ended.`,
  },
  'supervision-stuck': {
    kind: 'internal',
    message: (a: { afterMs: number }) => `A supervised service did not stop within ${a.afterMs} ms.`,
  },
});

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
