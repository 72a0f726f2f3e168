import type { BodyOf, Caller, QueryOf } from './call.ts';
import type { Experiment } from './operations.ts';
import { type Items, pagesOf } from './pages.ts';

export interface Experiments {
  create(experiment: BodyOf<'tracking.create-experiment'>): Promise<Experiment>;
  /** By its id or its number. */
  get(experiment: string | number): Promise<Experiment>;
  named(name: string): Promise<Experiment | undefined>;
  search(search?: Omit<QueryOf<'tracking.search-experiments'>, 'after' | 'limit'>): Items<Experiment>;
  /** Another name, tags; a tag set to null goes away. */
  edit(experiment: string | number, change: BodyOf<'tracking.edit-experiment'>): Promise<Experiment>;
  /** With its runs; it can be restored. */
  delete(experiment: string | number): Promise<Experiment>;
  restore(experiment: string | number): Promise<Experiment>;
}

export function createExperiments({ call }: Caller): Experiments {
  const paramsOf = (experiment: string | number) => ({ params: { experiment: String(experiment) } });
  return {
    create: (body) => call('tracking.create-experiment', { body }),
    get: (experiment) => call('tracking.get-experiment', paramsOf(experiment)),
    named: async (name) => (await call('tracking.list-experiments', { query: { name } })).items.find((each) => each.name === name),
    search: (search = {}) => pagesOf((after) => call('tracking.search-experiments', { query: { ...search, limit: 200, after } })),
    edit: (experiment, body) => call('tracking.edit-experiment', { ...paramsOf(experiment), body }),
    delete: (experiment) => call('tracking.delete-experiment', paramsOf(experiment)),
    restore: (experiment) => call('tracking.restore-experiment', paramsOf(experiment)),
  };
}
