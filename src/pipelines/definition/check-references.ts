import { nearestName } from '#kernel/nearest-name.ts';
import type { PipelineDefinition, StepDefinition } from '../model.ts';
import { dependencies, findCycle } from './graph.ts';
import type { Member, Place, YamlReader } from './yaml-reader.ts';

interface Places {
  readonly pipeline: Member;
  readonly steps: readonly Member[];
  readonly fields: ReadonlyMap<string, Member>;
}

/** Every name that one part of a pipeline uses of another must exist, and no step may wait for itself. */
export function checkReferences(reader: YamlReader, definition: PipelineDefinition, places: Places): void {
  const before = reader.problems.length;
  for (const step of definition.steps) {
    const member = places.steps.find((candidate) => candidate.key === step.name) ?? places.pipeline;
    checkStep(reader, definition, { step, place: member });
  }
  checkTriggers(reader, definition, places);
  checkRegistration(reader, definition, places);
  // With an unknown name the graph is not the one that was meant.
  if (reader.problems.length > before) return;
  const cycle = findCycle(dependencies(definition.steps));
  if (cycle === undefined) return;
  const first = places.steps.find((candidate) => candidate.key === cycle[0]);
  reader.problem(first?.keyPlace ?? places.pipeline, `the steps wait for each other in a circle: ${cycle.join(' -> ')}`);
}

function checkStep(reader: YamlReader, definition: PipelineDefinition, { step, place }: { step: StepDefinition; place: Member }): void {
  const field = (key: string): Place | undefined => reader.members(place).find((member) => member.key === key);
  const inside = (key: string, name: string): Place => {
    const outer = field(key);
    return (outer === undefined ? undefined : reader.members(outer).find((member) => member.key === name)) ?? outer ?? place;
  };
  for (const [name, source] of Object.entries(step.inputs))
    if (source.kind === 'output') checkOutput(reader, definition, { ...source, place: inside('inputs', name) });
  step.after.forEach((name, index) => checkStepName(reader, definition, name, reader.items(field('after'))[index] ?? place));
  step.parameters.forEach((name, index) => {
    const known = Object.keys(definition.parameters);
    if (known.includes(name)) return;
    const item = reader.items(field('parameters'))[index] ?? place;
    reader.problem(item, `the pipeline has no parameter "${name}"${suggestion(name, known)}`);
  });
}

function checkOutput(reader: YamlReader, definition: PipelineDefinition, used: { step: string; output: string; place: Place }): void {
  const source = checkStepName(reader, definition, used.step, used.place);
  if (source === undefined) return;
  const outputs = Object.keys(source.outputs);
  if (outputs.includes(used.output)) return;
  reader.problem(used.place, `the step "${used.step}" has no output "${used.output}"${suggestion(used.output, outputs)}`);
}

function checkStepName(reader: YamlReader, definition: PipelineDefinition, name: string, place: Place): StepDefinition | undefined {
  const found = definition.steps.find((step) => step.name === name);
  const names = definition.steps.map((step) => step.name);
  return found ?? reader.problem(place, `there is no step "${name}"${suggestion(name, names)}`);
}

function checkTriggers(reader: YamlReader, definition: PipelineDefinition, { fields, pipeline }: Places): void {
  const known = Object.keys(definition.parameters);
  for (const item of reader.items(fields.get('triggers'))) {
    const parameters = reader.members(item).find((member) => member.key === 'parameters');
    for (const member of parameters === undefined ? [] : reader.members(parameters))
      if (!known.includes(member.key))
        reader.problem(member.keyPlace, `the pipeline "${pipeline.key}" has no parameter "${member.key}"${suggestion(member.key, known)}`);
  }
}

function checkRegistration(reader: YamlReader, definition: PipelineDefinition, { fields, pipeline }: Places): void {
  const place = fields.get('registers') ?? pipeline;
  const files = reader.members(place).find((member) => member.key === 'files');
  for (const [name, source] of Object.entries(definition.registers?.files ?? {})) {
    const member = files === undefined ? undefined : reader.members(files).find((candidate) => candidate.key === name);
    checkOutput(reader, definition, { ...source, place: member ?? place });
  }
}

function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
  return known.length === 0 ? '; there are none' : `; there are ${known.join(', ')}`;
}
