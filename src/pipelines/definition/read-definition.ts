import { nearestName } from '#kernel/nearest-name.ts';
import { type DefinitionProblem, pipelineErrors } from '../errors.ts';
import type { PipelineDefinition, PipelinesFile, Registration, StepDefinition } from '../model.ts';
import { checkReferences } from './check-references.ts';
import { checkName, parseOutputReference, readStep } from './read-step.ts';
import { readTrigger, readValues } from './read-triggers.ts';
import { type Member, type Place, YamlReader } from './yaml-reader.ts';

/** The name of the file that declares a project. */
export const definitionFile = 'ripen.yaml';

/**
 * Reads `project` and `pipelines` of a ripen.yaml; other sections belong to other modules.
 * @throws `pipelines.definition-invalid` with every problem, its line and its column
 */
export function readDefinition(text: string, file = definitionFile): PipelinesFile {
  const reader = new YamlReader(text);
  const sections = new Map(reader.members(reader.root).map((member) => [member.key, member]));
  const pipelines = sections.get('pipelines');
  if (pipelines === undefined) missingSection(reader, [...sections.values()]);
  const found = pipelines === undefined ? [] : reader.members(pipelines).flatMap((member) => readPipeline(reader, member));
  const project = reader.text(sections.get('project'));
  if (reader.problems.length > 0) throw pipelineErrors['definition-invalid']({ file, problems: sorted(reader.problems) });
  return { project, pipelines: found };
}

function missingSection(reader: YamlReader, sections: readonly Member[]): void {
  for (const section of sections)
    if (section.key !== 'project' && nearestName(section.key, ['pipelines']) !== undefined)
      reader.problem(section.keyPlace, `"${section.key}" is not known in the file; did you mean "pipelines"?`);
}

function readPipeline(reader: YamlReader, member: Member): PipelineDefinition[] {
  checkName(reader, member, 'pipeline');
  const known = ['description', 'parameters', 'steps', 'triggers', 'registers'];
  const fields = new Map(reader.members(member, known).map((field) => [field.key, field]));
  const stepsPlace = fields.get('steps');
  const stepMembers = stepsPlace === undefined ? [] : reader.members(stepsPlace);
  if (stepMembers.length === 0) reader.problem(member.keyPlace, `the pipeline "${member.key}" has no steps`);
  const steps = stepMembers.flatMap((step): StepDefinition[] => {
    const read = readStep(reader, step);
    return read === undefined ? [] : [read];
  });
  const definition: PipelineDefinition = {
    name: member.key,
    description: reader.text(fields.get('description')),
    parameters: readValues(reader, fields.get('parameters')),
    steps,
    triggers: reader.items(fields.get('triggers')).flatMap((item) => readTrigger(reader, item) ?? []),
    registers: readRegistration(reader, fields.get('registers')),
  };
  checkReferences(reader, definition, { pipeline: member, steps: stepMembers, fields });
  return [definition];
}

function readRegistration(reader: YamlReader, place: Place | undefined): Registration | undefined {
  if (place === undefined) return undefined;
  const fields = new Map(reader.members(place, ['model', 'files']).map((field) => [field.key, field]));
  const model = reader.text(fields.get('model'));
  const filesPlace = fields.get('files');
  const members = filesPlace === undefined ? [] : reader.members(filesPlace);
  if (model === undefined || members.length === 0) return reader.problem(place, `${place.name} needs a model and its files`);
  const files: Record<string, { step: string; output: string }> = {};
  for (const member of members) {
    const text = reader.text(member);
    const source = text === undefined ? undefined : parseOutputReference(text);
    if (source !== undefined) files[member.key] = { step: source.step, output: source.output };
    else if (text !== undefined) reader.problem(member, `${member.name} "${text}" must be written step/output`);
  }
  return { model, files };
}

function sorted(problems: readonly DefinitionProblem[]): DefinitionProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
