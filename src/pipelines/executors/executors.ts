import type { Log } from '#kernel/log.ts';
import { pipelineErrors } from '../errors.ts';
import type { Executor } from './executor.ts';
import { localExecutor } from './local.ts';

type MakeExecutor = (options: { readonly instance: string; readonly log: Log }) => Executor;

/** Every kind of executor. */
const executors: Readonly<Record<string, MakeExecutor>> = {
  local: localExecutor,
};

/** @throws `pipelines.executor-unknown` */
export function makeExecutor(name: string, options: { readonly instance: string; readonly log: Log }): Executor {
  const make = executors[name];
  if (make === undefined) throw pipelineErrors['executor-unknown']({ executor: name, known: Object.keys(executors).join(', ') });
  return make(options);
}
