#!/usr/bin/env node
// Runs Ripen on the Node version it is tested with, whatever Node started us.
// Plain JavaScript without dependencies: this file must parse on Node 20.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pinnedMajor = 26;
const parameters = process.argv.slice(2);
// A server lives long and waits most of the time: a small young generation and baseline code for WebAssembly (the policies) keep it
// 40 MB smaller, and no hot path of it runs in WebAssembly.
const flags = parameters[0] === 'up' ? ['--max-semi-space-size=2', '--liftoff-only'] : [];
const missing = flags.filter((flag) => !process.execArgv.includes(flag));

if (Number(process.versions.node.split('.')[0]) < pinnedMajor) {
  respawnOn(pinnedNode());
} else if (missing.length > 0 && process.execve !== undefined && process.platform !== 'win32') {
  // The same process with other flags: no parent stays behind.
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...missing, ...process.argv.slice(1)], process.env);
} else {
  module.enableCompileCache();
  await import(new URL('../src/main.ts', import.meta.url));
}

/** Starts this file again on `node` and stands aside: signals go down, the exit status comes up. */
function respawnOn(node) {
  const child = spawn(node, [...process.execArgv, ...missing, fileURLToPath(import.meta.url), ...parameters], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function pinnedNode() {
  const require = createRequire(import.meta.url);
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const name = `${os === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${os}-${process.arch}`;
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return join(dirname(manifest), require(manifest).bin.node);
  } catch {
    console.error('Ripen needs Node 26. Run npm ci again, or start it with Node 26 or newer.');
    return process.exit(1);
  }
}
