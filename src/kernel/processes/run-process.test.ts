import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutputStream, ProcessSpec, RunningProcess } from './model.ts';
import { readEntry } from './proc-files.ts';
import { runProcess } from './run-process.ts';

const onLinux = existsSync('/proc/self/stat');
const MiB = 1024 * 1024;

interface Place {
  readonly cwd: string;
  readonly lines: string[];
  readonly run: (command: ProcessSpec['command'], more?: Partial<ProcessSpec>) => RunningProcess;
  readonly log: () => Promise<Buffer>;
}

/** A folder of its own for each test, and a process started there with its log. */
async function place(t: TestContext): Promise<Place> {
  const cwd = await mkdtemp(join(tmpdir(), 'ripen-processes-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const path = join(cwd, 'log');
  const lines: string[] = [];
  const onLine = (stream: OutputStream, line: string): void => void lines.push(`${stream} ${line}`);
  return {
    cwd,
    lines,
    run: (command, more = {}) =>
      runProcess({ command, cwd, env: { PATH: process.env['PATH'] ?? '' }, owner: 'test', log: { path, onLine }, ...more }),
    log: () => readFile(path),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Nobody may be there to collect an orphan, and a zombie still has its id.
  return readEntry(pid)?.state !== 'Z';
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await pause(10);
  }
  assert.fail(`waited in vain for: ${what}`);
}

test('the exit code, the output and the time are told', async (t) => {
  const { run, log, lines } = await place(t);
  const exit = await run('echo out; echo err >&2; exit 3').exited;
  assert.equal(exit.code, 3);
  assert.equal(exit.signal, undefined);
  assert.equal(exit.reason, 'exited');
  assert.equal(exit.droppedLogBytes, 0);
  assert.ok(exit.durationMs > 0 && exit.durationMs < 5000);
  assert.deepEqual(lines.toSorted(), ['stderr err', 'stdout out']);
  assert.deepEqual((await log()).toString().split('\n').toSorted(), ['', 'err', 'out']);
});

test('arguments of a list are taken as they are', async (t) => {
  const { run, log } = await place(t);
  await run(['printf', '%s|', '$HOME', 'a b', '*', '', '; exit 9', 'ö']).exited;
  assert.equal((await log()).toString(), '$HOME|a b|*||; exit 9|ö|');
});

test('a signal is told', async (t) => {
  const { run } = await place(t);
  const exit = await run('kill -SEGV $$').exited;
  assert.equal(exit.signal, 'SIGSEGV');
  assert.equal(exit.code, undefined);
  assert.equal(exit.reason, 'exited');
});

test('a process that takes too long is stopped', async (t) => {
  const { run } = await place(t);
  const exit = await run('sleep 60', { timeoutMs: 100 }).exited;
  assert.equal(exit.reason, 'timed-out');
  assert.equal(exit.signal, 'SIGTERM');
  assert.ok(exit.durationMs < 3000);
});

test('a process that handles the request to end may do so', async (t) => {
  const { run, lines } = await place(t);
  const running = run("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
  await until(() => lines.includes('stdout up'), 'the start');
  const exit = await running.stop('enough');
  assert.deepEqual([exit.code, exit.reason, exit.stopReason], [0, 'stopped', 'enough']);
  assert.ok(lines.includes('stdout bye'));
  assert.equal(await running.stop('again'), exit);
});

test('a process that ignores SIGTERM is killed after the grace', async (t) => {
  const { run, lines } = await place(t);
  const running = run("trap '' TERM; echo up; while :; do sleep 0.05; done", { graceMs: 100 });
  await until(() => lines.includes('stdout up'), 'the start');
  const exit = await running.stop('enough');
  assert.deepEqual([exit.signal, exit.reason], ['SIGKILL', 'stopped']);
  assert.ok(exit.durationMs >= 100);
});

test('a suspended process can be stopped', async (t) => {
  const { run, lines } = await place(t);
  const running = run('echo up; kill -STOP $$');
  await until(() => lines.includes('stdout up'), 'the start');
  await pause(20);
  const exit = await running.stop('enough');
  assert.deepEqual([exit.signal, exit.reason], ['SIGTERM', 'stopped']);
  assert.ok(exit.durationMs < 2000);
});

test(
  'children that outlive the command, in its group or in a session of their own, are killed at its exit',
  { skip: !onLinux },
  async (t) => {
    const { run, lines } = await place(t);
    const { exited } = run("sleep 600 & echo $!; (trap '' TERM; sleep 601) & echo $!; setsid sleep 602 & echo $!; sleep 0.05");
    const exit = await exited;
    assert.equal(exit.code, 0);
    assert.equal(lines.length, 3);
    assert.ok(exit.durationMs < 1000);
    for (const line of lines) await until(() => !isAlive(Number(line.split(' ')[1])), `the end of ${line}`);
  },
);

test('the command sees no child that it did not start', { skip: !onLinux }, async (t) => {
  const { run, log } = await place(t);
  await run('cat /proc/$$/task/$$/children').exited;
  // Only cat itself.
  assert.equal((await log()).toString().trim().split(' ').length, 1);
});

test('the guard costs a few milliseconds', async (t) => {
  const { run } = await place(t);
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) times.push((await run(['true']).exited).durationMs);
  assert.ok(Math.min(...times) < 100, `the fastest took ${Math.min(...times)} ms`);
});

test('a flood of output never blocks the process and keeps the first and the last bytes', async (t) => {
  const { run, log, cwd } = await place(t);
  const maxBytes = 1 * MiB;
  const before = process.memoryUsage().rss;
  let lines = 0;
  const command = 'echo first; yes flood | head -c 200000000; echo; echo last';
  const exit = await run(command, { log: { path: join(cwd, 'log'), maxBytes, onLine: () => void lines++ } }).exited;
  assert.equal(exit.code, 0);
  assert.ok(exit.durationMs < 20_000);
  const text = (await log()).toString();
  assert.ok(text.length <= maxBytes + 100);
  assert.match(text, /^first\nflood\n/);
  assert.match(text, /\nlast\n$/);
  const dropped = /^\[ripen\] (\d+) bytes of output were dropped here$/m.exec(text);
  assert.equal(Number(dropped?.[1]), exit.droppedLogBytes);
  const total = 'first\n'.length + 200_000_000 + '\nlast\n'.length;
  const added = `${dropped?.[0]}\n`.length;
  // The head may end in the middle of a line and then gets a line end.
  assert.ok([0, 1].includes(text.length - added + exit.droppedLogBytes - total));
  assert.ok(lines > 1000 && lines < 1_000_000, `${lines} lines were passed on`);
  assert.ok(process.memoryUsage().rss - before < 150 * MiB);
});

test('output up to the limit is kept whole', async (t) => {
  const { run, log, cwd } = await place(t);
  const write = (bytes: number): RunningProcess =>
    run(`head -c ${bytes} /dev/zero | tr '\\0' x`, { log: { path: join(cwd, 'log'), maxBytes: 1000 } });
  assert.equal((await write(1000).exited).droppedLogBytes, 0);
  assert.equal((await log()).toString(), 'x'.repeat(1000));
  assert.equal((await write(1001).exited).droppedLogBytes, 1);
  assert.equal((await log()).toString(), `${'x'.repeat(500)}\n[ripen] 1 bytes of output were dropped here\n${'x'.repeat(500)}`);
});

test('bytes that are no text are kept as they are, and lines show a replacement', async (t) => {
  const { run, log, lines } = await place(t);
  await run(String.raw`printf '\000\377\n\303\050\nok\r\nno end'`).exited;
  assert.deepEqual([...(await log()).subarray(0, 5)], [0, 255, 10, 0xc3, 0x28]);
  assert.deepEqual(lines, ['stdout \0\uFFFD', 'stdout \uFFFD(', 'stdout ok', 'stdout no end']);
});

test('a program that does not exist is a failed command', async (t) => {
  const { run, lines } = await place(t);
  for (const command of [['no-such-program-here'], 'no-such-program-here']) {
    assert.equal((await run(command).exited).code, 127);
    assert.match(lines.at(-1) ?? '', /not found/);
  }
  assert.equal((await run(['/etc/passwd']).exited).code, 126);
});

test('a missing folder and a log that cannot be written are errors at the start', async (t) => {
  const { run, cwd } = await place(t);
  assert.throws(() => run('true', { cwd: join(cwd, 'nowhere') }), { code: 'kernel.process-cwd-missing' });
  assert.throws(() => run('true', { cwd: '/etc/passwd' }), { code: 'kernel.process-cwd-missing' });
  assert.throws(() => run('true', { log: { path: join(cwd, 'nowhere', 'log') } }), { code: 'kernel.process-log-unwritable' });
  await assert.rejects(async () => run(['echo', 'x'.repeat(3_000_000)]).exited, { code: 'kernel.process-not-started' });
});

test('the environment is what was given and nothing else', async (t) => {
  const { run, log } = await place(t);
  const env = { PATH: process.env['PATH'] ?? '', NAME: 'naïve 東京 🛫', LINES: 'a\nb', EMPTY: '', 'spark.master': 'local' };
  await run(['node', '-e', 'console.log(JSON.stringify(process.env))'], { env }).exited;
  const seen = JSON.parse((await log()).toString()) as Record<string, string>;
  const { RIPEN_INSTANCE, RIPEN_PROCESS, PWD, ...rest } = seen;
  assert.deepEqual(rest, env);
  assert.equal(RIPEN_INSTANCE, 'test');
  assert.match(RIPEN_PROCESS ?? '', /^[0-9a-f-]{36}$/);
  assert.ok(PWD !== undefined);
});

test('stdin is passed on, empty without it, and need not be read', async (t) => {
  const { run, log } = await place(t);
  await run('cat', { stdin: 'grüße' }).exited;
  assert.equal((await log()).toString(), 'grüße');
  await run('cat').exited;
  assert.equal((await log()).length, 0);
  assert.equal((await run('true', { stdin: Buffer.alloc(5 * MiB) }).exited).code, 0);
});

test('limits hold: processor time, open files, file size', async (t) => {
  const { run, log, cwd } = await place(t);
  await run('ulimit -t; ulimit -n; ulimit -f', { limits: { cpuSeconds: 7, openFiles: 55, fileSizeBytes: 51_200 } }).exited;
  assert.equal((await log()).toString(), '7\n55\n100\n');
  const exit = await run('head -c 100000 /dev/zero > big', { limits: { fileSizeBytes: 51_200 } }).exited;
  assert.notEqual(exit.code, 0);
  assert.equal((await stat(join(cwd, 'big'))).size, 51_200);
});

test('a group that uses too much memory is killed, and its use is told', { skip: !onLinux }, async (t) => {
  const { run } = await place(t);
  const eat = ['node', '-e', 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 5)'];
  const exit = await run(eat, { limits: { memoryBytes: 200 * MiB }, timeoutMs: 20_000 }).exited;
  assert.deepEqual([exit.reason, exit.signal], ['memory-limit', 'SIGKILL']);
  assert.ok((exit.peakMemoryBytes ?? 0) > 200 * MiB);
});

test('processor time of the children counts', { skip: !onLinux }, async (t) => {
  const { run } = await place(t);
  const exit = await run('node -e "const end = Date.now() + 400; while (Date.now() < end);"; true').exited;
  assert.ok((exit.cpuMs ?? 0) >= 100, `${exit.cpuMs} ms`);
  assert.ok((exit.peakMemoryBytes ?? 0) > 10 * MiB);
});
