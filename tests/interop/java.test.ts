import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { launch } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';

import { mlflow3 } from './clients.ts';

const jars = process.env['RIPEN_TEST_MLFLOW_JAVA'];
const skip = jars === undefined ? "RIPEN_TEST_MLFLOW_JAVA does not name a folder with the jar of MLflow's Java client" : false;

test('a Java program logs, searches and registers', { skip }, async () => {
  const ripen = await launch({ home: temporaryFolder() });
  try {
    const program = join(import.meta.dirname, 'java/Tracking.java');
    const { stdout } = await promisify(execFile)('java', ['-cp', `${jars}/*`, program, ripen.address], {
      timeout: 120_000,
      env: { ...process.env, ...artifactEnvironment(program) },
    });
    assert.match(stdout, /all good/);
  } finally {
    await ripen.stop();
  }
});

/** With Python's MLflow on the path the program also sends a file: itself. */
function artifactEnvironment(file: string): Record<string, string> {
  const { python } = mlflow3;
  return python === undefined ? {} : { PATH: `${dirname(python)}${delimiter}${process.env['PATH'] ?? ''}`, RIPEN_TEST_ARTIFACT: file };
}
