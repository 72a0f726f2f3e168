import type { RipenEvent } from '#kernel/events/index.ts';
import type { Run } from '#tracking/index.ts';
import type { ModelVersion } from './model.ts';
import { numberOf } from './model-use.ts';
import { loggedModelOf, runOf } from './provenance.ts';
import type { VersionAddress, Workshop } from './service.ts';
import { parseSource } from './source.ts';
import { listVersionsFrom } from './version-store.ts';
import { getVersion } from './versions.ts';

export interface VersionRelease {
  readonly release: string;
  readonly createdAt: number;
  readonly reason: string | undefined;
  /** Undefined while it goes on. */
  readonly outcome: string | undefined;
  /** Number of the event that tells it. */
  readonly event: number;
}

export interface VersionDeployment {
  readonly deployment: string;
  readonly environment: string;
  readonly revision: string | undefined;
  readonly cause: string | undefined;
  readonly deployedAt: number;
  /** False when another version was deployed there afterwards. */
  readonly current: boolean;
  readonly event: number;
}

export interface NamedVersion {
  readonly model: string;
  readonly version: number;
}

/** Where a version comes from, and what it went into. */
export interface Lineage {
  readonly version: ModelVersion;
  /** Undefined when the version names none. */
  readonly run: Run | undefined;
  readonly loggedModel: { readonly id: string; readonly name: string; readonly state: string } | undefined;
  /** What the run read. */
  readonly datasets: Run['inputs'];
  /** The version it was made from, when it is a copy. */
  readonly copiedFrom: NamedVersion | undefined;
  readonly copies: readonly NamedVersion[];
  readonly releases: readonly VersionRelease[];
  readonly deployments: readonly VersionDeployment[];
}

/** Up from the version's own record, down from the events that other modules wrote since. */
export async function lineageOf(workshop: Workshop, address: VersionAddress): Promise<Lineage> {
  const version = await getVersion(workshop, address);
  const run = version.run === undefined ? undefined : await runOf(workshop, version.project, version.run);
  const logged = version.loggedModel === undefined ? undefined : await loggedModelOf(workshop, version.project, version.loggedModel);
  const events = named(await eventsSince(workshop, version), version.model);
  return {
    version,
    run,
    loggedModel: logged === undefined ? undefined : { id: logged.id, name: logged.name, state: logged.state },
    datasets: run?.inputs ?? [],
    copiedFrom: copiedFrom(version.source),
    copies: await copiesOf(workshop, version),
    releases: releasesOf(events, version),
    deployments: deploymentsOf(events, version),
  };
}

function copiedFrom(source: string | undefined): NamedVersion | undefined {
  const parsed = source === undefined ? undefined : parseSource(source);
  return parsed?.kind === 'version' ? { model: parsed.model, version: Number(parsed.version) } : undefined;
}

async function copiesOf({ database }: Workshop, { project, model, version }: ModelVersion): Promise<NamedVersion[]> {
  const found = await listVersionsFrom(database, project, `models:/${model}/${version}`);
  return found.map(({ row, model: { name } }) => ({ model: name, version: row.version }));
}

const types = ['release.created', 'release.finished', 'service.deployed', 'service.rolled-back', 'model.renamed'];
const eventsAtOnce = 1000;

async function eventsSince({ events }: Workshop, version: ModelVersion): Promise<RipenEvent[]> {
  const found: RipenEvent[] = [];
  let after = 0;
  for (;;) {
    const page = await events.find({ project: version.project, types, after, limit: eventsAtOnce });
    // Before it was registered another model may have had the name.
    found.push(...page.filter(({ time }) => time >= version.registeredAt));
    after = page.at(-1)?.number ?? after;
    if (page.length < eventsAtOnce) return found;
  }
}

/** Events of this model alone, told with the name it has now: a model may have been renamed, and its old name given to another. */
function named(events: readonly RipenEvent[], present: string): RipenEvent[] {
  let name: string | undefined = present;
  const own: RipenEvent[] = [];
  for (const event of events.toReversed()) {
    const { type, data } = event;
    if (type === 'model.renamed') {
      if (data['model'] === name) name = textOf(data['from']);
      else if (data['from'] === name) break;
    } else if (data['model'] === undefined) own.push(event);
    else own.push({ ...event, data: { ...data, model: data['model'] === name ? present : undefined } });
  }
  return own.toReversed();
}

function releasesOf(events: readonly RipenEvent[], version: ModelVersion): VersionRelease[] {
  const releases = new Map<string, VersionRelease>();
  for (const event of events) {
    const release = textOf(event.data['release']);
    if (release === undefined || !concerns(event, version)) continue;
    const outcome = event.type === 'release.finished' ? textOf(event.data['outcome']) : undefined;
    const earlier = releases.get(release);
    if (earlier !== undefined) releases.set(release, { ...earlier, outcome: outcome ?? earlier.outcome });
    else if (event.type.startsWith('release.'))
      releases.set(release, { release, createdAt: event.time, reason: textOf(event.data['reason']), outcome, event: event.number });
  }
  return [...releases.values()].toReversed();
}

function deploymentsOf(events: readonly RipenEvent[], version: ModelVersion): VersionDeployment[] {
  const deployments: VersionDeployment[] = [];
  /** Which model runs at a place: a rollback names versions, not the model. */
  const models = new Map<string, unknown>();
  for (const event of events) {
    const { data } = event;
    const deployment = textOf(data['deployment']);
    const environment = textOf(data['environment']) ?? '';
    if (deployment === undefined || !event.type.startsWith('service.')) continue;
    const place = `${deployment}\n${environment}`;
    if (event.type === 'service.deployed') models.set(place, data['model']);
    const mine =
      event.type === 'service.deployed'
        ? concerns(event, version)
        : models.get(place) === version.model && numberOf(data['toVersion']) === version.version;
    for (const [index, earlier] of deployments.entries()) {
      if (`${earlier.deployment}\n${earlier.environment}` === place) deployments[index] = { ...earlier, current: false };
    }
    if (!mine) continue;
    const revision = textOf(data['revision'] ?? data['toRevision']);
    const cause = event.type === 'service.deployed' ? textOf(data['cause']) : 'rollback';
    deployments.push({ deployment, environment, revision, cause, deployedAt: event.time, current: true, event: event.number });
  }
  return deployments.toReversed();
}

function concerns({ data }: RipenEvent, version: ModelVersion): boolean {
  return data['model'] === version.model && numberOf(data['version']) === version.version;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
