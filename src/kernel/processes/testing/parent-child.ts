import { fileURLToPath } from 'node:url';
import { runProcess } from '../run-process.ts';
import { spawnService } from '../service.ts';

// A server for tests that is about to be killed: it runs a tree of processes and two services and tells their ids.
const [owner = '', cwd = ''] = process.argv.slice(2);
const env = { PATH: process.env['PATH'] ?? '' };
const tree = `trap '' TERM HUP; sleep 600 & echo "pid $!"; sh -c 'trap "" TERM; sleep 601; true' & echo "pid $!"; setsid sleep 602 & echo "escaped $!"; wait`;
const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const running = runProcess({ command: tree, cwd, env, owner, log: { path: `${cwd}/tree.log`, onLine: (_, line) => tell(line) } });
const file = fileURLToPath(new URL('service-child.ts', import.meta.url));
const service = spawnService({ name: 'child', file, cwd, env, owner, onMessage: () => tell(`pid ${service.pid}`) });
// Too busy to notice anything; only its guard can end it.
const blocked = spawnService({ name: 'blocked', file, cwd, env, owner, graceMs: 1000 });
await blocked.nextMessage((message) => message === 'ready');
await blocked.send('block');
tell(`pid ${blocked.pid}`);
tell(`pid ${running.pid}`);
