/** What was deployed where, how it got there, and how it was rolled back. */
import type { Facts } from '../facts.ts';
import { flag, type MaturityEvent, number, text, texts } from './event.ts';
import { gatesPassed } from './models.ts';
import type { Rollout } from './rollouts.ts';
import { get, put, type Table } from './table.ts';

export interface Deployment {
  deployment: string;
  number: number;
  specComplete: boolean;
  /** Days after which a model is too old, where the deployment declares it. */
  maximumModelAgeDays: number | undefined;
  monitors: string[];
  monitorsNumber: number | undefined;
}

/** One revision that began to serve, judged by what was known at that moment. */
export interface Deploy {
  deployment: string;
  environment: string;
  model: string;
  version: string;
  revision: string;
  digest: string | undefined;
  release: string | undefined;
  cause: string;
  number: number;
  time: number;
  byPerson: boolean;
  registered: boolean;
  sameDigest: boolean;
  gated: boolean;
  gateEvents: number[];
  inStagingFirst: number | undefined;
  /** The model's signature was verified when it was admitted; undefined where nobody recorded it. */
  signatureVerified: boolean | undefined;
  /** Rolled back out of production, and not as a drill. */
  failed: { number: number; time: number } | undefined;
}

export interface Rollback {
  deployment: string;
  environment: string;
  number: number;
  time: number;
  durationMs: number | undefined;
  drill: boolean;
}

export interface ServingFacts {
  deployments: Table<Deployment>;
  deploys: Table<Deploy>;
  /** Served now, by deployment and environment. */
  current: Table<Deploy>;
  rollbacks: Table<Rollback>;
  rollouts: Table<Rollout>;
}

export function emptyServing(): ServingFacts {
  return { deployments: {}, deploys: {}, current: {}, rollbacks: {}, rollouts: {} };
}

export function foldServing(facts: Facts, event: MaturityEvent): void {
  const { serving } = facts;
  const deployment = text(event.data, 'deployment');
  if (deployment === undefined) return;
  if (event.type === 'deployment.created') declare(serving, event, deployment);
  else if (event.type === 'monitor.created') {
    const row = deploymentOf(serving, deployment, event);
    row.monitors = [...texts(event.data, 'monitors')];
    row.monitorsNumber = event.number;
  } else if (event.type === 'service.deployed') deploy(facts, event, deployment);
  else if (event.type === 'service.rolled-back') rollBack(serving, event, deployment);
}

function deploymentOf(facts: ServingFacts, name: string, event: MaturityEvent): Deployment {
  const existing = get(facts.deployments, name);
  if (existing !== undefined) return existing;
  const row: Deployment = {
    deployment: name,
    number: event.number,
    specComplete: false,
    maximumModelAgeDays: undefined,
    monitors: [],
    monitorsNumber: undefined,
  };
  put(facts.deployments, [name], row);
  return row;
}

function declare(facts: ServingFacts, event: MaturityEvent, name: string): void {
  const row = deploymentOf(facts, name, event);
  row.number = event.number;
  row.specComplete = flag(event.data, 'specComplete') === true;
  row.maximumModelAgeDays = number(event.data, 'maximumModelAgeDays');
}

function deploy(facts: Facts, event: MaturityEvent, deployment: string): void {
  const { data } = event;
  const environment = text(data, 'environment') ?? '';
  const model = text(data, 'model') ?? '';
  const version = text(data, 'version') ?? '';
  const digest = text(data, 'digest');
  const registered = get(facts.models.versions, model, version);
  const gates = registered === undefined ? { passed: false, events: [] } : gatesPassed(registered, environment);
  const row: Deploy = {
    deployment,
    environment,
    model,
    version,
    revision: text(data, 'revision') ?? '',
    digest,
    release: text(data, 'release'),
    cause: text(data, 'cause') ?? '',
    number: event.number,
    time: event.time,
    byPerson: event.actor.kind === 'person',
    registered: registered !== undefined,
    sameDigest: digest !== undefined && registered?.digest === digest,
    gated: gates.passed,
    gateEvents: [...gates.events],
    inStagingFirst: digest === undefined ? undefined : stagedBefore(facts.serving, deployment, digest),
    signatureVerified: flag(data, 'signatureVerified'),
    failed: undefined,
  };
  put(facts.serving.deploys, [String(event.number)], row);
  // A copy: rows that share an object would part ways when facts are stored and read again.
  put(facts.serving.current, [deployment, environment], { ...row });
}

function stagedBefore(facts: ServingFacts, deployment: string, digest: string): number | undefined {
  const staged = Object.values(facts.deploys).findLast(
    (row) => row.environment === 'staging' && row.digest === digest && row.deployment === deployment,
  );
  return staged?.number;
}

function rollBack(facts: ServingFacts, event: MaturityEvent, deployment: string): void {
  const { data } = event;
  const environment = text(data, 'environment') ?? '';
  const drill = flag(data, 'drill') === true;
  const row: Rollback = { deployment, environment, number: event.number, time: event.time, durationMs: number(data, 'durationMs'), drill };
  put(facts.rollbacks, [String(event.number)], row);
  const restored = Object.values(facts.deploys).findLast(
    (one) => one.deployment === deployment && one.environment === environment && one.revision === text(data, 'toRevision'),
  );
  if (restored !== undefined) put(facts.current, [deployment, environment], { ...restored });
  if (drill) return;
  const from = text(data, 'fromRevision');
  const failed = Object.values(facts.deploys).findLast(
    (one) => one.deployment === deployment && one.environment === environment && one.revision === from && one.cause !== 'rollback',
  );
  if (failed !== undefined) failed.failed ??= { number: event.number, time: event.time };
}
