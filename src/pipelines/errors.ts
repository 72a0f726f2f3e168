import { defineErrors } from '#kernel/errors.ts';

export interface DefinitionProblem {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

export const pipelineErrors = defineErrors('pipelines', {
  'definition-invalid': {
    kind: 'input',
    message: (a: { file: string; problems: readonly DefinitionProblem[] }) =>
      `${a.file} cannot be used: ${a.problems.map(({ line, column, problem }) => `line ${line}, column ${column}: ${problem}`).join('; ')}.`,
    hint: () => 'Correct these places and define the pipelines again.',
  },
  'definition-missing': {
    kind: 'not-found',
    message: (a: { path: string }) => `There is no ripen.yaml in ${a.path}.`,
    hint: () => '`ripen init` writes one from a template.',
  },
  'project-has-no-code': {
    kind: 'conflict',
    message: (a: { project: string }) => `The project "${a.project}" has no folder on this machine, so it has no pipelines.`,
    hint: () => 'Give the project the path of its code.',
  },
  'pipeline-not-found': {
    kind: 'not-found',
    message: (a: { project: string; pipeline: string; nearest?: string | undefined }) =>
      `The project "${a.project}" has no pipeline "${a.pipeline}".${a.nearest === undefined ? '' : ` Did you mean "${a.nearest}"?`}`,
    hint: () => 'Declare it in ripen.yaml and define the pipelines again.',
  },
  'pipeline-run-not-found': {
    kind: 'not-found',
    message: (a: { pipelineRun: string }) => `There is no pipeline run ${a.pipelineRun}.`,
  },
  'step-not-found': {
    kind: 'not-found',
    message: (a: { pipelineRun: string; step: string }) => `The pipeline run ${a.pipelineRun} has no step "${a.step}".`,
  },
  'parameter-unknown': {
    kind: 'input',
    message: (a: { pipeline: string; parameter: string; nearest?: string | undefined }) =>
      `The pipeline "${a.pipeline}" has no parameter "${a.parameter}".${a.nearest === undefined ? '' : ` Did you mean "${a.nearest}"?`}`,
    hint: () => 'Parameters are declared with their defaults under `parameters` of the pipeline.',
  },
  'parameter-type': {
    kind: 'input',
    message: (a: { parameter: string; expected: string; actual: string }) =>
      `The parameter "${a.parameter}" is a ${a.expected} in ripen.yaml, but the value given is a ${a.actual}.`,
  },
  'code-missing': {
    kind: 'input',
    message: (a: { step: string; path: string }) =>
      `The step "${a.step}" names the code "${a.path}", which does not exist in the project folder.`,
    hint: () => 'Correct `code` of the step in ripen.yaml.',
  },
  'code-outside': {
    kind: 'input',
    message: (a: { path: string }) => `"${a.path}" lies outside of the project folder.`,
    hint: () => 'Copy it into the project, or install it as a package.',
  },
  'code-too-large': {
    kind: 'limit',
    message: (a: { files: number; bytes: number; mostFiles: number; mostBytes: number }) =>
      `The code of the pipeline has ${a.files} files and ${a.bytes} bytes; at most ${a.mostFiles} files and ${a.mostBytes} bytes can be kept with a run.`,
    hint: () => 'Name what each step needs under `code`, and load data as datasets.',
  },
  'wrong-state': {
    kind: 'conflict',
    message: (a: { what: string; from: string; to: string }) => `A ${a.what} that is ${a.from} cannot become ${a.to}.`,
  },
  'step-taken-over': {
    kind: 'unavailable',
    message: (a: { step: string; pipelineRun: string }) =>
      `The step "${a.step}" of the pipeline run ${a.pipelineRun} was brought to its end by another server meanwhile.`,
  },
  'already-finished': {
    kind: 'conflict',
    message: (a: { pipelineRun: string; state: string }) => `The pipeline run ${a.pipelineRun} has already ${a.state}.`,
  },
  'nothing-to-retry': {
    kind: 'conflict',
    message: (a: { pipelineRun: string; state: string }) =>
      `The pipeline run ${a.pipelineRun} is ${a.state}; only a failed or cancelled one can be retried.`,
  },
  'step-exit': {
    kind: 'conflict',
    message: (a: { step: string; exitCode: number; lastLine?: string | undefined }) =>
      `The step "${a.step}" ended with exit code ${a.exitCode}${a.lastLine === undefined ? '' : `: ${a.lastLine}`}.`,
    hint: (a: { exitCode: number }) =>
      a.exitCode === 127
        ? 'The shell did not find the command: is its program installed and on the PATH?'
        : 'The log of the step says more.',
  },
  'step-signal': {
    kind: 'conflict',
    message: (a: { step: string; signal: string; peakMemoryBytes?: number | undefined }) =>
      `The step "${a.step}" was ended by ${a.signal}${a.peakMemoryBytes === undefined ? '' : ` after using ${Math.round(a.peakMemoryBytes / 1e6)} MB`}.`,
    hint: (a: { signal: string }) => (a.signal === 'SIGKILL' ? 'The system may have run out of memory.' : 'The log of the step says more.'),
  },
  'step-timed-out': {
    kind: 'limit',
    message: (a: { step: string; timeoutMs: number }) => `The step "${a.step}" did not end within ${a.timeoutMs / 1000} s and was stopped.`,
    hint: () => 'Give it more time with `timeout` in ripen.yaml, or find out in its log where it hangs.',
  },
  'step-cancelled': {
    kind: 'conflict',
    message: (a: { step: string }) => `The step "${a.step}" was cancelled.`,
  },
  'output-missing': {
    kind: 'conflict',
    message: (a: { step: string; output: string; path: string }) =>
      `The step "${a.step}" succeeded but did not write its output "${a.output}" (${a.path}).`,
    hint: (a: { output: string }) => `Write it to the path in RIPEN_OUTPUT_${a.output.toUpperCase().replaceAll('-', '_')}.`,
  },
  'output-unreadable': {
    kind: 'conflict',
    message: (a: { step: string; output: string; reason: string }) =>
      `The output "${a.output}" of the step "${a.step}" cannot be kept: ${a.reason}.`,
  },
  'output-lost': {
    kind: 'internal',
    message: (a: { step: string; output: string }) => `The output "${a.output}" of the step "${a.step}" is no longer in the object store.`,
    hint: () => 'Restore the object store from a backup, or start the pipeline anew.',
  },
  'contract-missing': {
    kind: 'input',
    message: (a: { step: string; path: string }) =>
      `The step "${a.step}" publishes with the contract "${a.path}", which does not exist in the project folder.`,
  },
  'registers-directory': {
    kind: 'input',
    message: (a: { file: string; step: string; output: string }) =>
      `"${a.file}" of the model cannot be the directory that the step "${a.step}" wrote as "${a.output}".`,
    hint: () => 'Register single files.',
  },
  'run-log-malformed': {
    kind: 'input',
    message: (a: { line: number; reason: string }) => `Line ${a.line} of the run log was ignored: ${a.reason}.`,
    hint: () => 'Each line is one JSON object such as {"type":"metric","name":"loss","value":0.41,"step":10}.',
  },
  'run-log-too-long': {
    kind: 'limit',
    message: (a: { bytes: number }) => `The run log grew past ${a.bytes} bytes; what came later was ignored.`,
    hint: () => 'Log fewer points, or write the series to an artifact.',
  },
  'log-incomplete': {
    kind: 'unavailable',
    message: (a: { reason: string }) => `The log of the step is not whole: ${a.reason}.`,
  },
  'tracking-failed': {
    kind: 'unavailable',
    message: (a: { reason: string }) => `Some of the run log did not reach the tracked run: ${a.reason}.`,
  },
  'executor-unknown': {
    kind: 'input',
    message: (a: { executor: string; known: string }) => `There is no executor "${a.executor}"; known are ${a.known}.`,
  },
});
