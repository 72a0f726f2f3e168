import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const template = join(import.meta.dirname, '../../templates/onnx-typescript');

export interface TrainedModel {
  readonly model: string;
  readonly reference: string;
}

/** Trains the delay model of the template on a slice, by its own steps: inputs are two airports, distance, hour and day of the week. */
export async function trainModel(folder: string): Promise<TrainedModel> {
  const at = (...path: string[]): string => join(folder, ...path);
  const airports = at('airports', 'airports.parquet');
  const [training, statistics, raw] = [at('training.parquet'), at('statistics.json'), at('raw-reference.parquet')];
  const [model, evaluation, reference] = [at('model.onnx'), at('evaluation.parquet'), at('reference.parquet')];
  await step('extract', { parameters: { month: '2001-01' }, outputs: { month: at('flights', '01.parquet') } });
  await step('extract-airports', { outputs: { airports } });
  await step('prepare', {
    parameters: { training_rows: 20_000, reference_rows: 3000, evaluation_days: 7 },
    inputs: { flights: at('flights'), airports: at('airports') },
    outputs: { training, evaluation, reference: raw, statistics },
  });
  await step('train', {
    parameters: { epochs: 1, batch_size: 64, validation_rows: 2000 },
    inputs: { training, statistics },
    outputs: { model },
  });
  await step('evaluate', {
    inputs: { model, evaluation, reference: raw, statistics },
    outputs: { report: at('evaluation.json'), card: at('card.md'), scored: at('scored.parquet'), reference },
  });
  return { model, reference };
}

interface StepFiles {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

async function step(name: string, { parameters = {}, inputs = {}, outputs }: StepFiles): Promise<void> {
  const work = dirname(Object.values(outputs)[0] ?? '');
  for (const path of Object.values(outputs)) mkdirSync(dirname(path), { recursive: true });
  const [given, log] = [join(work, `${name}.parameters.json`), join(work, `${name}.run.jsonl`)];
  writeFileSync(given, JSON.stringify(parameters));
  writeFileSync(log, '');
  const variables = (prefix: string, paths: Readonly<Record<string, string>>) =>
    Object.entries(paths).map(([key, path]) => [`RIPEN_${prefix}_${key.toUpperCase()}`, path] as const);
  const env = {
    PATH: dirname(process.execPath),
    HOME: work,
    TZ: 'UTC',
    RIPEN_PARAMETERS: given,
    RIPEN_RUN_LOG: log,
    ...Object.fromEntries([...variables('INPUT', inputs), ...variables('OUTPUT', outputs)]),
  };
  await execute(process.execPath, [`steps/${name}.ts`], { cwd: template, env, maxBuffer: 2 ** 26 });
}
