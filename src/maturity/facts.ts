/**
 * Facts of one project: an incremental fold over the event log. They are plain JSON, so they can be stored with the number
 * of the last event and continued later; the same events give the same facts, folded at once or in any portions.
 */
import { createHash } from 'node:crypto';
import { type DataFacts, emptyData, foldData } from './facts/data.ts';
import type { MaturityEvent } from './facts/event.ts';
import { emptyModels, foldModels, type ModelFacts } from './facts/models.ts';
import { emptyMonitoring, foldMonitoring, type MonitoringFacts } from './facts/monitoring.ts';
import { emptyOrganisation, foldOrganisation, type OrganisationFacts } from './facts/organisation.ts';
import { emptyPeople, foldPeople, type PeopleFacts } from './facts/people.ts';
import { emptyReleases, foldReleases, type ReleaseFacts } from './facts/releases.ts';
import { emptyRuns, foldRuns, type RunFacts } from './facts/runs.ts';
import { foldRollout } from './facts/rollouts.ts';
import { emptyServing, foldServing, type ServingFacts } from './facts/serving.ts';
import { trim } from './facts/table.ts';

export type { MaturityEvent } from './facts/event.ts';

/** Facts stored in another format are folded again from the first event. */
export const factsFormat = 2;

export interface Facts {
  readonly format: typeof factsFormat;
  readonly project: string;
  /** Number of the last event that was folded; 0 before the first. */
  upTo: number;
  /** How many events counted. */
  folded: number;
  /** Greatest time of an event that counted. */
  lastTime: number;
  /** sha256 chain over every event that counted, so that facts can be compared without their events. */
  chain: string;
  readonly people: PeopleFacts;
  readonly data: DataFacts;
  readonly runs: RunFacts;
  readonly models: ModelFacts;
  readonly releases: ReleaseFacts;
  readonly serving: ServingFacts;
  readonly monitoring: MonitoringFacts;
  readonly organisation: OrganisationFacts;
}

export function emptyFacts(project: string): Facts {
  return {
    format: factsFormat,
    project,
    upTo: 0,
    folded: 0,
    lastTime: 0,
    chain: '',
    people: emptyPeople(),
    data: emptyData(),
    runs: emptyRuns(),
    models: emptyModels(),
    releases: emptyReleases(),
    serving: emptyServing(),
    monitoring: emptyMonitoring(),
    organisation: emptyOrganisation(),
  };
}

/**
 * Adds one event of the server to the facts and returns them. Facts are an accumulator: they are changed in place.
 * Events come in the order of their numbers; one that was folded before (delivered twice) changes nothing.
 * Assessments are not evidence: looking at the ladder must not move it.
 */
export function foldEvent(facts: Facts, event: MaturityEvent): Facts {
  if (event.number <= facts.upTo) return facts;
  facts.upTo = event.number;
  const own = event.project === facts.project;
  if ((!own && !sharedTypes.has(event.type)) || event.type === 'assessment.computed') return facts;
  facts.lastTime = Math.max(facts.lastTime, event.time);
  facts.chain = createHash('sha256').update(`${facts.chain}\n${event.number} ${event.id} ${event.type}`).digest('hex');
  foldOrganisation(facts.organisation, event);
  if (own) foldOwn(facts, event);
  facts.folded += 1;
  if (facts.folded % trimEvery === 0) trimTables(facts);
  return facts;
}

export function foldEvents(facts: Facts, events: Iterable<MaturityEvent>): Facts {
  for (const event of events) foldEvent(facts, event);
  return facts;
}

/** Types that say something about every project of the server. Of other projects nothing else has to be folded. */
export const sharedTypes: ReadonlySet<string> = new Set(['project.created', 'template.instantiated', 'service.deployed', 'audit.verified']);

/** Says that every event up to `number` has been looked at, for facts whose events were read by project and shared type. */
export function lookedUpTo(facts: Facts, number: number): Facts {
  facts.upTo = Math.max(facts.upTo, number);
  return facts;
}

/** Looking at every table costs more than one event does, so it is done now and then, always after the same events. */
const trimEvery = 200;

function trimTables({ people, data, runs, models, releases, serving, monitoring, organisation }: Facts): void {
  for (const table of [people.people, people.members, data.datasets, data.snapshots, runs.runs, runs.pipelineRuns]) trim(table);
  for (const table of [models.versions, models.deleted, models.gates, releases.releases, organisation.projects]) trim(table);
  for (const table of [serving.deployments, serving.deploys, serving.current, serving.rollbacks, serving.rollouts]) trim(table);
  for (const table of [monitoring.windows, monitoring.alerts, monitoring.retraining]) trim(table);
}

function foldOwn(facts: Facts, event: MaturityEvent): void {
  foldPeople(facts.people, event);
  foldData(facts.data, event);
  foldRuns(facts.runs, facts.data, event);
  foldModels(facts, event);
  foldReleases(facts.releases, event);
  foldServing(facts, event);
  foldRollout(facts.serving, event);
  foldMonitoring(facts.monitoring, event);
}
