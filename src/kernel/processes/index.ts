export type { Exit } from './model.ts';
export { runProcess } from './run-process.ts';
export { processesOf, sweepOrphans } from './sweep-orphans.ts';
export { type Service, type ServiceLogLine, spawnService } from './service.ts';
export { exitWithParent } from './exit-with-parent.ts';
export { supervise, type Supervision } from './supervise.ts';
