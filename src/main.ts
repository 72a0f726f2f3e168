import { runCli } from '#cli/index.ts';

if (process.argv[2] === 'dev') {
  const { dev } = await import('./dev/index.ts');
  process.exitCode = await dev(process.argv[3], process.argv.slice(4));
} else {
  // `ripen events list | head` closes the pipe when it has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await runCli(process.argv.slice(2), {
    environment: process.env,
    directory: process.cwd(),
    out: process.stdout,
    err: process.stderr,
    composition: () => import('./app.ts'),
  });
}
