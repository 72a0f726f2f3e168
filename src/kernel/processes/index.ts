export type {
  Command,
  Exit,
  ExitReason,
  GroupExit,
  OutputStream,
  ProcessLimits,
  ProcessLog,
  ProcessSpec,
  RunningProcess,
} from './model.ts';
export { processErrors } from './errors.ts';
export { runProcess } from './run-process.ts';
export { processesOf, sweepOrphans } from './sweep-orphans.ts';
export { type Service, type ServiceLogLine, type ServiceSpec, spawnService } from './service.ts';
export { exitWithParent, type ExitWithParentOptions } from './exit-with-parent.ts';
export {
  type Backoff,
  supervise,
  type Supervised,
  type SuperviseOptions,
  type Supervision,
  type SupervisionState,
  type SupervisionStatus,
} from './supervise.ts';
