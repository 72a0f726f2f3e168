import { runCli } from '#cli/index.ts';

if (process.argv[2] === 'dev') {
  const { dev } = await import('./dev/index.ts');
  process.exitCode = await dev(process.argv[3], process.argv.slice(4));
} else {
  process.exitCode = await runCli(process.argv.slice(2), {
    environment: process.env,
    directory: process.cwd(),
    out: process.stdout,
    err: process.stderr,
    composition: () => import('./app.ts'),
  });
}
