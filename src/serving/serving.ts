import type { ChangeContext } from '#kernel/events/index.ts';
import type { Endpoint } from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { forgetReport, readAccount } from './account-store.ts';
import { agentEndpoints } from './agent-endpoints.ts';
import { createAgentReports } from './agent-reports.ts';
import { type AgentTokens, createAgents } from './agents.ts';
import type { ModelVersions } from './collaborators.ts';
import { deploy, type Deployed, type DeployInput } from './deploy.ts';
import { listDeployments } from './deployment-store.ts';
import { deploymentEndpoints } from './endpoints.ts';
import { ensureDeployment, type EnsureInput } from './ensure-deployment.ts';
import type { Deployment, Environment, Rollback, Rollout } from './model.ts';
import { predict, type PredictPlace } from './predict.ts';
import { readDeployment } from './read-deployments.ts';
import { abortRelease, type DeployProgress, releaseProgress } from './release-progress.ts';
import { retire } from './retire.ts';
import { rollBack, type RollbackInput } from './rollback.ts';
import { orderRollout, type RolloutOrder } from './rollout-commands.ts';
import { createRolloutDriver } from './rollout-driver.ts';
import { findRollout } from './rollout-store.ts';
import { currentRevisions, type Workshop } from './service.ts';
import { createSignal } from './signal.ts';
import type { DeploymentWire } from './wire.ts';

export interface ServingDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'log' | 'home' | 'instance' | 'settings' | 'events' | 'database' | 'objects'>;
  readonly identity: {
    readonly projects: { project(name: string): Promise<{ readonly name: string }> };
    readonly tokens: AgentTokens;
  };
  readonly registry: ModelVersions;
}

export interface Serving {
  readonly endpoints: readonly Endpoint[];
  ensureDeployment(context: ChangeContext, input: EnsureInput): Promise<Deployment>;
  deploy(context: ChangeContext, input: DeployInput): Promise<Deployed>;
  /** How far a release has come there; undefined when it was never deployed there. */
  progress(place: PredictPlace, release: string): Promise<DeployProgress | undefined>;
  /** Ends the rollout of a release and gives the traffic back; does nothing when it is over. */
  abort(context: ChangeContext, place: PredictPlace, stop: { readonly release: string; readonly reason: string }): Promise<void>;
  /** The version that has the traffic; undefined when there is none. */
  serving(place: PredictPlace): Promise<{ readonly version: number; readonly revision: string } | undefined>;
  /** Sends a request of the Open Inference Protocol through the gateway to one revision; `body` is parsed JSON both ways. */
  predict(
    place: PredictPlace,
    request: { readonly revision?: string | undefined; readonly body: unknown; readonly signal: AbortSignal },
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  rollBack(context: ChangeContext, input: RollbackInput): Promise<Rollback>;
  orderRollout(context: ChangeContext, order: RolloutOrder): Promise<Rollout>;
  retire(context: ChangeContext, input: { project: string; deployment: string; environment: Environment }): Promise<void>;
  deployment(project: string, name: string): Promise<DeploymentWire>;
  rollout(id: string): Promise<Rollout | undefined>;
  /** Waits until a rollout has ended or was paused; the signal ends the waiting with its reason. */
  waitForRollout(id: string, signal?: AbortSignal): Promise<Rollout>;
  /** Base address of an environment's gateway; undefined until its agent has told. */
  gateway(environment: Environment): Promise<string | undefined>;
  /** Of the agent process on this machine. */
  agentProcess(environment: Environment): number | undefined;
  start(at: { readonly address: string }): Promise<void>;
  stop(): Promise<void>;
}

/** How often rollouts are looked at without news from an agent: time-outs must be noticed too. */
const tickMs = 1000;

export function createServing({ kernel, identity, registry }: ServingDeps): Serving {
  const { clock, ids, log, events, database } = kernel;
  const [desiredChanged, reported] = [createSignal(), createSignal()];
  const workshop: Workshop = { clock, ids, log, events, projects: identity.projects, registry, desiredChanged, reported };
  const agents = createAgents({ kernel, tokens: identity.tokens });
  const driver = createRolloutDriver(workshop);
  const stopping = new AbortController();
  const takeReport = createAgentReports(workshop, driver);
  let ticker: NodeJS.Timeout | undefined;
  const tick = (): void =>
    void driver.tick().catch((error: unknown) => log.error({ err: error }, 'a rollout could not be brought forward'));

  return {
    endpoints: [
      ...deploymentEndpoints(workshop),
      ...agentEndpoints({ workshop, objects: kernel.objects, takeReport, stopping: stopping.signal }),
    ],
    async ensureDeployment(context, input) {
      const deployment = await ensureDeployment(workshop, context, input);
      desiredChanged.notify();
      return deployment;
    },
    async deploy(context, input) {
      const deployed = await deploy(workshop, context, input);
      agents.ensure(input.environment);
      return deployed;
    },
    progress: (place, release) => releaseProgress(workshop, place, release),
    abort: (context, place, stop) => abortRelease(workshop, context, { place, ...stop }),
    async serving(place) {
      const { serving: revision } = await currentRevisions(database, { deployment: place.deployment, environment: place.environment });
      return revision && { version: Number(revision.modelVersion), revision: revision.id };
    },
    async predict(place, { revision, body, signal }) {
      const { status, text } = await predict(workshop, place, { revision, body: JSON.stringify(body), signal });
      return { status, body: JSON.parse(text) as unknown };
    },
    rollBack: (context, input) => rollBack(workshop, context, input),
    orderRollout: (context, order) => orderRollout(workshop, context, order),
    retire: (context, input) => retire(workshop, context, input),
    deployment: (project, name) => readDeployment(workshop, project, name),
    rollout: (id) => findRollout(database, id),
    async waitForRollout(id, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const rollout = await findRollout(database, id);
        if (rollout !== undefined && (rollout.finishedAt !== undefined || rollout.state === 'paused')) return rollout;
        await reported.wait(500, signal);
      }
    },
    gateway: async (environment) => (await readAccount(database, environment)).gateway,
    agentProcess: (environment) => agents.processId(environment),
    async start({ address }) {
      agents.open(address);
      const used = new Set((await listDeployments(database, {})).map(({ environment }) => environment));
      for (const environment of used) {
        // What the agent of an earlier server said, its address above all, must not be taken for true.
        await database.transaction((tx) => forgetReport(tx, environment));
        agents.ensure(environment);
      }
      ticker = setInterval(tick, tickMs);
      ticker.unref();
    },
    async stop() {
      clearInterval(ticker);
      stopping.abort();
      await agents.stop();
      await driver.tick();
    },
  };
}
