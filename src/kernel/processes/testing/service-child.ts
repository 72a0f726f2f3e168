import { exitWithParent } from '../exit-with-parent.ts';

// A service for tests: tells that it is ready, echoes messages, and ends when told to.
exitWithParent({ cleanUp: () => void process.stdout.write('cleaning up\n') });
process.on('message', (message: unknown) => {
  if (message === 'crash') process.exit(7);
  if (message === 'block') for (;;);
  process.send?.({ echo: message });
});
process.stdout.write(`${JSON.stringify({ level: 30, msg: 'ready', pid: process.pid })}\n`);
process.stderr.write('{ not json\n');
process.send?.('ready');
setInterval(() => undefined, 1000);
