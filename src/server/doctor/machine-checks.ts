import { execFile } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Check, fault, ok, warning } from './finding.ts';

const execute = promisify(execFile);
const pinnedMajor = 26;

const node: Check = {
  name: 'node',
  async look() {
    const { node: version } = process.versions;
    return Number(version.split('.')[0]) === pinnedMajor
      ? ok('node', `Node ${version}`)
      : warning(
          'node',
          `Node ${version}; Ripen is tested with Node ${pinnedMajor}.`,
          'Start it by `npm start` or bin/ripen.mjs, which brings its own.',
        );
  },
};

const git: Check = {
  name: 'git',
  async look() {
    try {
      const { stdout } = await execute('git', ['--version'], { timeout: 5000 });
      return ok('git', stdout.trim());
    } catch {
      // Not installed, or not for us to run.
      return warning('git', 'git is not installed; runs cannot say which commit they ran.', 'Install git.');
    }
  },
};

/** What the steps of the templates import must be found from the installation, which lends its packages to projects. */
const templates: Check = {
  name: 'templates',
  async look({ installation }) {
    const require = createRequire(join(installation, 'package.json'));
    const folder = join(installation, 'templates');
    const missing = readdirSync(folder).flatMap((template) => {
      const file = join(folder, template, 'package.json');
      if (!existsSync(file)) return [];
      const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
      const folders = require.resolve.paths('any-package') ?? [];
      const absent = Object.keys(dependencies).filter((name) => !folders.some((place) => existsSync(join(place, name, 'package.json'))));
      return absent.map((name) => `${name} (${template})`);
    });
    return missing.length === 0
      ? ok('templates', 'All packages of the templates are installed.')
      : fault('templates', `Packages of templates are missing: ${missing.join(', ')}.`, 'Run `npm ci`.');
  },
};

const gpu: Check = {
  name: 'gpu',
  async look({ installation }) {
    if (!existsSync('/proc/driver/nvidia/version')) return ok('gpu', 'No NVIDIA GPU; models run on the processor.');
    const provider = globSync(join(installation, 'node_modules/onnxruntime-node/bin/*/linux/x64/libonnxruntime_providers_cuda.so'));
    return provider.length > 0
      ? ok('gpu', 'NVIDIA GPU, and ONNX Runtime has its CUDA provider.')
      : warning(
          'gpu',
          'There is an NVIDIA GPU, but ONNX Runtime was installed without its CUDA provider; models run on the processor.',
          'Run `npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12` (downloads the provider; needs CUDA 12 and cuDNN 9).',
        );
  },
};

export const machineChecks: readonly Check[] = [node, git, templates, gpu];
