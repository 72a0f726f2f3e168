export type { CliContext, Output } from './context.ts';
export { createProgram } from './program.ts';
export { runCli } from './run-cli.ts';
