import type { Json } from '#kernel/canonical-json.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import { pipelineErrors } from './errors.ts';
import type { ParameterValues, PipelineDefinition } from './model.ts';

/**
 * The parameters of a run: the defaults, with what was given in their place.
 * @throws `pipelines.parameter-unknown`, `pipelines.parameter-type`
 */
export function runParameters(definition: PipelineDefinition, given: ParameterValues): ParameterValues {
  const known = Object.keys(definition.parameters);
  for (const [parameter, value] of Object.entries(given)) {
    if (!known.includes(parameter))
      throw pipelineErrors['parameter-unknown']({ pipeline: definition.name, parameter, nearest: nearestName(parameter, known) });
    const [expected, actual] = [kindOf(definition.parameters[parameter] ?? null), kindOf(value)];
    // A default of null says nothing about the type.
    if (expected !== actual && expected !== 'null') throw pipelineErrors['parameter-type']({ parameter, expected, actual });
  }
  return { ...definition.parameters, ...given };
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
