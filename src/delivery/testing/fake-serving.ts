import type { Change, EventLog } from '#kernel/events/index.ts';
import type { DeployProgress, Place, Serving } from '../collaborators.ts';

interface Ordered {
  readonly place: Place;
  readonly release: string;
  readonly version: number;
  readonly revision: string;
  state: DeployProgress['state'];
  reason: string;
}

/** Stands in for serving where a test is about delivery: revisions serve when the test says so, at once unless told otherwise. */
export class FakeServing implements Serving {
  readonly orders: Ordered[] = [];
  readonly ensured: string[] = [];
  /** State of the next orders by environment. */
  next: { staging: DeployProgress['state']; production: DeployProgress['state'] } = { staging: 'serving', production: 'serving' };
  /** The answer of the service for an input column. */
  score: (x: number, version: number) => number = (x, version) => x + version;
  readonly #events: EventLog;

  constructor(events: EventLog) {
    this.#events = events;
  }

  async ensureDeployment(...[, { deployment, environment }]: Parameters<Serving['ensureDeployment']>): Promise<void> {
    this.ensured.push(`${environment}/${deployment}`);
  }

  async deploy(...[context, order]: Parameters<Serving['deploy']>): Promise<void> {
    const { project, deployment, environment, release, version } = order;
    const revision = `revision-${this.orders.length + 1}`;
    const state = this.next[environment];
    this.orders.push({ place: { project, deployment, environment }, release, version, revision, state, reason: 'as the test wants' });
    await this.#events.change(context, async (change) => {
      if (state === 'serving') this.#deployed(change, revision);
    });
  }

  /** Lets an order that is moving get there. */
  async settle(release: string, state: DeployProgress['state']): Promise<void> {
    const order = this.orders.findLast((one) => one.release === release);
    if (order !== undefined) order.state = state;
  }

  #deployed(change: Change, revision: string): void {
    const order = this.orders.find((one) => one.revision === revision);
    if (order === undefined) return;
    const { deployment, environment } = order.place;
    const data = { deployment, environment, version: order.version, revision, release: order.release };
    change.emit({ type: 'service.deployed', source: 'serving', subject: `deployments/${deployment}`, data });
  }

  async progress(place: Place, release: string): Promise<DeployProgress | undefined> {
    const order = this.#in(place).findLast((one) => one.release === release);
    if (order === undefined) return undefined;
    const { state, revision, reason } = order;
    if (state === 'serving') return { state, revision };
    return state === 'moving' ? { state, revision, note: 'step 1 of 3' } : { state, revision, reason };
  }

  async serving(place: Place): Promise<{ version: number } | undefined> {
    const order = this.#in(place).findLast(({ state }) => state === 'serving');
    return order && { version: order.version };
  }

  async abort(...[, place, { release }]: Parameters<Serving['abort']>): Promise<void> {
    const order = this.#in(place).findLast((one) => one.release === release);
    if (order?.state === 'moving') order.state = 'rolled-back';
  }

  async predict(...[, { revision, body }]: Parameters<Serving['predict']>): Promise<{ status: number; body: unknown }> {
    const order = this.orders.find((one) => one.revision === revision);
    if (order === undefined) return { status: 404, body: { error: 'no such revision' } };
    // What delivery sends is typed by SmokeSample.
    const { inputs } = body as { inputs: { data: number[] }[] };
    const data = (inputs[0]?.data ?? []).map((x) => this.score(x, order.version));
    return { status: 200, body: { model_version: String(order.version), outputs: [{ name: 'probability', data }] } };
  }

  #in({ project, deployment, environment }: Place): Ordered[] {
    return this.orders.filter(
      ({ place }) => place.project === project && place.deployment === deployment && place.environment === environment,
    );
  }
}
