import { RipenError } from '#kernel/errors.ts';
import { MlflowError, type MlflowRoute } from './protocol/index.ts';

/** What clients compare is said as MLflow says it; other errors of Ripen keep their own text. */
const words: Readonly<Record<string, (details: Details, error: RipenError) => MlflowError>> = {
  'tracking.run-not-found': ({ run }, cause) => new MlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${run} not found`, { cause }),
  'tracking.trace-not-found': ({ trace }, cause) =>
    new MlflowError('RESOURCE_DOES_NOT_EXIST', `Trace with ID '${trace}' not found.`, { cause }),
  'tracking.trace-tag-not-found': ({ tag, trace }, cause) =>
    new MlflowError('RESOURCE_DOES_NOT_EXIST', `No trace tag with key '${tag}' for trace with ID '${trace}'`, { cause }),
  'tracking.run-deleted': ({ run }, cause) => notActive(`run ${run}`, cause),
  'tracking.experiment-deleted': ({ number }, cause) => notActive(`experiment ${number}`, cause),
  'tracking.experiment-number-not-found': ({ experiment }, cause) =>
    new MlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${experiment} exists`, { cause }),
  'tracking.experiment-exists': ({ experiment, deleted }, cause) =>
    new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment(name=${experiment}) already exists.${deleted === 'true' ? deletedHint : ''}`, {
      cause,
    }),
  'tracking.page-token-invalid': (_, cause) =>
    new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token: it was not made by this search, or was changed', { cause }),
  'tracking.parameter-changed': ({ run, parameter, value, attempted }, cause) =>
    new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Changing param values is not allowed. Param with key='${parameter}' was already logged with value='${value}' for run ID='${run}'. Attempted logging new value '${attempted}'.`,
      { cause },
    ),
};

const deletedHint =
  ' It is in deleted state. You can restore the experiment (experiments/restore), or choose another name: a deleted experiment keeps its name.';

type Details = Readonly<Record<string, string>>;

/** The same route with Ripen's errors said in MLflow's words. */
export function inMlflowWords(route: MlflowRoute): MlflowRoute {
  return {
    ...route,
    async run(message, call) {
      try {
        return await route.run(message, call);
      } catch (thrown) {
        throw inWords(thrown);
      }
    },
  };
}

function inWords(thrown: unknown): unknown {
  if (!(thrown instanceof RipenError)) return thrown;
  const details = Object.entries(thrown.details ?? {}).map(([name, value]) => [name, String(value)] as const);
  return words[thrown.code]?.(Object.fromEntries(details), thrown) ?? thrown;
}

function notActive(what: string, cause: RipenError): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', `The ${what} must be in the 'active' state. Current state is deleted.`, { cause });
}
