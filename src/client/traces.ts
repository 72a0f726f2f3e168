import type { BodyOf, Caller, QueryOf, ResultOf } from './call.ts';
import type { Assessment, EvaluationDataset, EvaluationRecord, Trace, TraceWithSpans } from './operations.ts';
import { type Items, pagesOf } from './pages.ts';

export interface Traces {
  search(search?: Omit<QueryOf<'tracking.list-traces'>, 'after' | 'limit'>): Items<Trace>;
  count(search?: QueryOf<'tracking.count-traces'>): Promise<number>;
  /** With its spans. */
  get(trace: string): Promise<TraceWithSpans>;
  /** Feedback, or what should have come. */
  assess(trace: string, assessment: BodyOf<'tracking.assess-trace'>): Promise<Assessment>;
  delete(trace: string): Promise<void>;
}

export function createTraces({ call }: Caller): Traces {
  return {
    search: (search = {}) => pagesOf((after) => call('tracking.list-traces', { query: { ...search, limit: 200, after } })),
    count: async (search = {}) => (await call('tracking.count-traces', { query: search })).count,
    get: (trace) => call('tracking.get-trace', { params: { trace } }),
    assess: (trace, body) => call('tracking.assess-trace', { params: { trace }, body }),
    async delete(trace) {
      await call('tracking.delete-trace', { params: { trace } });
    },
  };
}

type RecordDrafts = BodyOf<'tracking.merge-evaluation-records'>['records'];

/** Datasets of questions with what should come, for evaluations. */
export interface EvaluationDatasets {
  create(dataset: BodyOf<'tracking.create-evaluation-dataset'>): Promise<EvaluationDataset>;
  get(dataset: string): Promise<EvaluationDataset>;
  search(search?: Omit<QueryOf<'tracking.list-evaluation-datasets'>, 'after' | 'limit'>): Items<EvaluationDataset>;
  records(dataset: string): Items<EvaluationRecord>;
  /** The same inputs are the same record. */
  merge(dataset: string, records: RecordDrafts): Promise<ResultOf<'tracking.merge-evaluation-records'>>;
  delete(dataset: string): Promise<void>;
}

export function createEvaluationDatasets({ call }: Caller): EvaluationDatasets {
  return {
    create: (body) => call('tracking.create-evaluation-dataset', { body }),
    get: (dataset) => call('tracking.get-evaluation-dataset', { params: { dataset } }),
    search: (search = {}) => pagesOf((after) => call('tracking.list-evaluation-datasets', { query: { ...search, limit: 200, after } })),
    records: (dataset) =>
      pagesOf((after) => call('tracking.list-evaluation-records', { params: { dataset }, query: { limit: 1000, after } })),
    merge: (dataset, records) => call('tracking.merge-evaluation-records', { params: { dataset }, body: { records } }),
    async delete(dataset) {
      await call('tracking.delete-evaluation-dataset', { params: { dataset } });
    },
  };
}
