import { plainRows, type Signature } from '#kernel/inference/index.ts';
import type { ModelClient } from './model-client.ts';

const rowsTried = [1, 3];
const limitMs = 30_000;

/**
 * Asks a replica that just started for predictions, over the way that requests will take.
 * @throws Error when it does not answer with the outputs that are registered
 */
export async function smokeTest(client: ModelClient, signature: Signature): Promise<void> {
  const variable = signature.inputs.some(({ shape }) => shape[0] === -1);
  for (const rows of variable ? rowsTried : [1]) {
    const outputs = await client.run(plainRows(signature.inputs, rows), limitMs);
    for (const spec of signature.outputs) {
      const output = outputs.find(({ name }) => name === spec.name);
      if (output === undefined) throw new Error(`a first prediction came back without the output "${spec.name}"`);
      if (output.datatype !== spec.datatype)
        throw new Error(`the output "${spec.name}" came back as ${output.datatype}, registered is ${spec.datatype}`);
    }
  }
}
