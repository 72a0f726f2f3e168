import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { loadConfig } from '#kernel/config/index.ts';
import { silentLog } from '#kernel/log.ts';
import { type Composition, type RunningServer, serve } from '#server/index.ts';
import { runCli } from './run-cli.ts';

/** What a command line has printed, without colours, and its exit status. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestCli {
  readonly home: string;
  /** Where the commands work. */
  readonly directory: string;
  readonly run: (...parameters: string[]) => Promise<CommandResult>;
  /** Runs with `--json`, demands success, and gives what was printed. */
  readonly json: <Result>(...parameters: string[]) => Promise<Result>;
  readonly start: () => Promise<RunningServer>;
}

interface Options {
  /** Columns of the terminal. */
  readonly width?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Commands in a folder and a home of their own. Servers that were started are stopped at the end. */
export async function withCli(
  composition: () => Promise<Composition>,
  body: (cli: TestCli) => Promise<void>,
  options: Options = {},
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'ripen-cli-'));
  const [home, directory] = [join(root, 'home'), join(root, 'work')];
  mkdirSync(directory);
  const environment = { PATH: process.env['PATH'], RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0', ...options.environment };
  const servers: RunningServer[] = [];
  const run: TestCli['run'] = async (...parameters) => {
    const [out, err] = [collect(options.width ?? 100), collect(options.width ?? 100)];
    const code = await runCli(parameters, { environment, directory, out, err, composition });
    return { code, out: out.text(), err: err.text() };
  };
  try {
    await body({
      home,
      directory,
      run,
      async json<Result>(...parameters: string[]) {
        const { code, out, err } = await run(...parameters, '--json');
        if (code !== 0) throw new Error(`ripen ${parameters.join(' ')} ended with ${code}: ${err}`);
        // The test names what it expects; its assertions are the check.
        return JSON.parse(out) as Result;
      },
      async start() {
        const server = await serve(await composition(), loadConfig({ environment, directory }).settings, silentLog);
        servers.push(server);
        return server;
      },
    });
  } finally {
    for (const server of servers) await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function collect(columns: number) {
  let written = '';
  return {
    columns,
    write(text: string) {
      written += text;
    },
    text: () => stripVTControlCharacters(written),
  };
}
