import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary.ts';

const scripts = join(import.meta.dirname, 'python');

/** A Python with MLflow's client in it. */
export interface PythonClient {
  readonly name: string;
  readonly python: string | undefined;
  /** Why its tests are skipped, or false. */
  readonly skip: string | false;
}

function pythonClient(name: string, variable: string): PythonClient {
  const python = process.env[variable];
  return { name, python, skip: python === undefined ? `${variable} does not name a Python with MLflow` : false };
}

export const mlflow3 = pythonClient('mlflow 3', 'RIPEN_TEST_MLFLOW_3');
export const mlflow2 = pythonClient('mlflow 2', 'RIPEN_TEST_MLFLOW_2');

export interface ScenarioResult {
  readonly name: string;
  /** The traceback; null when it went well. */
  readonly error: string | null;
  readonly seconds: number;
}

export interface ScenarioOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly only?: readonly string[];
  readonly limitMs?: number;
}

/** Runs the scenarios of a script, or some of them, against the server at `address`. @throws with its output when the script itself breaks */
export async function runScenarios(
  { python = 'python3' }: PythonClient,
  script: string,
  address: string,
  { environment = {}, only = [], limitMs = 300_000 }: ScenarioOptions = {},
): Promise<ScenarioResult[]> {
  const folder = temporaryFolder();
  const child = spawn(python, [join(scripts, `${script}.py`), ...only], {
    cwd: folder,
    env: { ...clientEnvironment(folder), MLFLOW_TRACKING_URI: address, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  const results = output
    .split('\n')
    .filter((line) => line.startsWith('@@'))
    // Written by harness.py in this very shape.
    .map((line) => JSON.parse(line.slice(2)) as ScenarioResult);
  if (code !== 0 || results.length === 0) throw new Error(`${script}.py ended with ${String(code)}:\n${output}${errors}`);
  return results;
}

/** A failed request is tried once more, so that a fault is seen as one and not as a hanging test; nothing is sent anywhere else. */
function clientEnvironment(folder: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    // Nothing of a test stays beside the scripts.
    PYTHONDONTWRITEBYTECODE: '1',
    MPLCONFIGDIR: folder,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_HTTP_REQUEST_TIMEOUT: '60',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
  };
}
