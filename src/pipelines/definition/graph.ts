import type { StepDefinition } from '../model.ts';

/** The steps that must have succeeded before each step: those it reads from, those it names, and those that publish a dataset it reads. */
export function dependencies(steps: readonly StepDefinition[]): ReadonlyMap<string, readonly string[]> {
  const publishers = new Map<string, string[]>();
  for (const step of steps)
    for (const { dataset } of step.publishes) publishers.set(dataset, [...(publishers.get(dataset) ?? []), step.name]);
  return new Map(
    steps.map((step) => {
      const before = new Set(step.after);
      for (const source of Object.values(step.inputs)) {
        if (source.kind === 'output') before.add(source.step);
        else if (source.snapshot === undefined)
          for (const name of publishers.get(source.dataset) ?? []) if (name !== step.name) before.add(name);
      }
      return [step.name, [...before]];
    }),
  );
}

/** The names of one cycle, first name repeated at the end; undefined when there is none. */
export function findCycle(before: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const seen = path.indexOf(name);
    if (seen >= 0) return [...path.slice(seen), name];
    if (done.has(name)) return undefined;
    for (const next of before.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of before.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
