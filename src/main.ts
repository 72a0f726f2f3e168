import { createProgram, reportError } from '#cli/index.ts';

if (process.argv[2] === 'dev') {
  const { dev } = await import('./dev/index.ts');
  process.exitCode = await dev(process.argv[3], process.argv.slice(4));
} else {
  try {
    await createProgram({ composition: () => import('./app.ts') }).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = reportError(error, { json: process.argv.includes('--json') });
  }
}
