export { createProgram } from './program.ts';
export { reportError } from './report-error.ts';
