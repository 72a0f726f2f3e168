import { canonicalJson, type Json } from '#kernel/canonical-json.ts';
import { type Digest, digestOf } from '#kernel/objects/index.ts';
import type { DatasetPin, KeyParts, PipelineRun, StepDefinition, StepRun } from '../model.ts';

/** The cache key: SHA-256 of the canonical JSON of everything that decides a step's result. Names of steps and labels do not. */
export function cacheKey(parts: KeyParts): Digest {
  const inputs = Object.fromEntries(Object.entries(parts.inputs).map(([name, input]) => [name, input.digest]));
  const { command, code, environment, parameters, outputs, publishes } = parts;
  return digestOf(canonicalJson({ command, code, environment, parameters, inputs, outputs, publishes }));
}

/** What the key of one step of a run is made of, once the steps before it are done and its datasets are resolved. */
export function keyPartsOf(
  run: PipelineRun,
  step: StepDefinition,
  known: {
    readonly steps: ReadonlyMap<string, StepRun>;
    readonly pins: Readonly<Record<string, DatasetPin>>;
    readonly contracts: Readonly<Record<string, Digest>>;
  },
): KeyParts {
  const inputs = Object.entries(step.inputs).map(([name, source]) => {
    if (source.kind === 'dataset') {
      const pin = known.pins[datasetReference(source)];
      return [name, { digest: pin?.digest ?? '', label: `dataset ${source.dataset}@${pin?.snapshot}` }] as const;
    }
    const output = known.steps.get(source.step)?.outputs[source.output];
    return [name, { digest: output?.digest ?? '', label: `${source.step}/${source.output}` }] as const;
  });
  return {
    command: step.command,
    code: run.stepCode[step.name] ?? run.codeDigest,
    environment: run.environmentDigest,
    parameters: stepParameters(run, step),
    inputs: Object.fromEntries(inputs),
    outputs: step.outputs,
    publishes: step.publishes.map(
      ({ output, dataset, mode, contract }) =>
        `${output} ${mode} ${dataset} ${contract === undefined ? 'none' : (known.contracts[contract] ?? '')}`,
    ),
  };
}

/** The parameters that a step declares, with the values of the run. */
export function stepParameters(run: PipelineRun, step: StepDefinition): Readonly<Record<string, Json>> {
  return Object.fromEntries(step.parameters.map((name) => [name, run.parameters[name] ?? null]));
}

export function datasetReference({ dataset, snapshot }: { readonly dataset: string; readonly snapshot: number | undefined }): string {
  return snapshot === undefined ? `dataset:${dataset}` : `dataset:${dataset}@${snapshot}`;
}
