import { delimiter, dirname, join } from 'node:path';

/** NAME of `RIPEN_INPUT_<NAME>` and `RIPEN_OUTPUT_<NAME>`. */
export function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

export interface StepPaths {
  readonly home: string;
  readonly temporary: string;
  readonly parameters: string;
  readonly runLog: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly nodeModules: string | undefined;
}

/** The whole environment of a step: nothing of the server's own passes but the search path, behind the pinned Node. */
export function stepEnvironment(paths: StepPaths): Record<string, string> {
  const programs = [dirname(process.execPath), ...(paths.nodeModules === undefined ? [] : [join(paths.nodeModules, '.bin')])];
  const environment: Record<string, string> = {
    PATH: [...programs, process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
    HOME: paths.home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    TMPDIR: paths.temporary,
    RIPEN_PARAMETERS: paths.parameters,
    RIPEN_RUN_LOG: paths.runLog,
  };
  for (const [name, path] of Object.entries(paths.inputs)) environment[`RIPEN_INPUT_${variableName(name)}`] = path;
  for (const [name, path] of Object.entries(paths.outputs)) environment[`RIPEN_OUTPUT_${variableName(name)}`] = path;
  return environment;
}
