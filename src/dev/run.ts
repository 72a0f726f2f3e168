import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { installation } from '#server/index.ts';

export interface Step {
  readonly title: string;
  readonly tool: string;
  readonly parameters: readonly string[];
}

/** Runs every step, also after one has failed, so that one look shows all there is to mend. */
export async function runAll(steps: readonly Step[]): Promise<number> {
  let worst = 0;
  for (const { title, tool, parameters } of steps) {
    const started = performance.now();
    const code = await run(tool, parameters);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)\n`);
    worst = Math.max(worst, code);
  }
  return worst;
}

/** Runs `node`, or the command-line tool of an installed package, in the project's folder. */
export function run(tool: string, parameters: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const [program, first] =
    tool === 'node' || tool === 'npm' ? [tool === 'node' ? process.execPath : 'npm', []] : [process.execPath, [binOf(tool)]];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
    const child = spawn(program, [...first, ...parameters], { cwd: installation, stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const packageOf: Readonly<Record<string, string>> = { tsc: 'typescript' };

function binOf(tool: string): string {
  const manifest = join(installation, 'node_modules', packageOf[tool] ?? tool, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const file = typeof bin === 'string' ? bin : bin[tool];
  return createRequire(manifest).resolve(join(dirname(manifest), file ?? ''));
}
