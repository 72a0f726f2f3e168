#!/usr/bin/env node
// Runs Ripen on the Node version it is tested with, whatever Node started us.
// Plain JavaScript without dependencies: this file must parse on Node 20.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pinnedMajor = 26;

if (Number(process.versions.node.split('.')[0]) >= pinnedMajor) {
  module.enableCompileCache();
  await import(new URL('../src/main.ts', import.meta.url));
} else {
  respawnOn(pinnedNode());
}

/** Starts this file again on `node` and stands aside: signals go down, the exit status comes up. */
function respawnOn(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
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
