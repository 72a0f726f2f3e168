/** The rooms of the house as the cache knows them: one word for all queries that a kind of event makes stale. */
export type QueryRoom =
  | 'projects'
  | 'ladder'
  | 'data'
  | 'pipelines'
  | 'runs'
  | 'traces'
  | 'models'
  | 'webhooks'
  | 'deployments'
  | 'monitoring'
  | 'events';

const roomsByPrefix: Readonly<Record<string, readonly QueryRoom[]>> = {
  project: ['projects'],
  member: ['projects'],
  template: ['projects'],
  dataset: ['data'],
  pipeline: ['pipelines'],
  step: ['pipelines'],
  retraining: ['pipelines', 'monitoring'],
  run: ['runs'],
  trace: ['traces'],
  traces: ['traces'],
  model: ['models', 'webhooks'],
  prompt: ['models', 'webhooks'],
  webhook: ['webhooks'],
  deployment: ['deployments'],
  service: ['deployments'],
  rollout: ['deployments'],
  replica: ['deployments'],
  release: ['deployments', 'models'],
  gate: ['deployments', 'models'],
  monitor: ['monitoring'],
  alert: ['monitoring'],
  labels: ['monitoring'],
  drift: ['monitoring'],
  assessment: ['ladder'],
};

/** Which rooms an event makes stale. Every event shows in the event stream, so `events` is always among them. */
export function roomsOf(eventType: string): readonly QueryRoom[] {
  const prefix = eventType.split('.', 1)[0] ?? '';
  return [...(roomsByPrefix[prefix] ?? []), 'events'];
}
