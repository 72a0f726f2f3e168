import type { EventLog, RipenEvent } from '#kernel/events/index.ts';

/** Who works with a model by its name: deployments that were not retired and releases under way. Known from the events they write. */
export interface ModelUse {
  /** `deployment delay in production` or `release 12`. */
  readonly what: string;
  /** The version in question; undefined where the whole model is named. */
  readonly version: number | undefined;
}

const types = [
  'deployment.created',
  'deployment.changed',
  'deployment.retired',
  'rollout.started',
  'rollout.finished',
  'service.deployed',
  'service.rolled-back',
  'release.created',
  'release.finished',
];
const eventsAtOnce = 1000;

export async function usesOf(events: EventLog, of: { project: string; model: string }): Promise<readonly ModelUse[]> {
  const places = new Map<string, Place>();
  const releases = new Map<string, ModelUse>();
  let after = 0;
  for (;;) {
    const page = await events.find({ project: of.project, types, after, limit: eventsAtOnce });
    for (const event of page) {
      if (event.type.startsWith('release.')) followRelease(releases, of.model, event);
      else followPlace(places, event);
    }
    after = page.at(-1)?.number ?? after;
    if (page.length < eventsAtOnce) break;
  }
  const deployed = [...places].flatMap(([name, place]): ModelUse[] => {
    if (place.model !== of.model) return [];
    const versions = new Set([place.version, place.before ?? place.version, ...place.coming.values()]);
    return [...versions].map((version) => ({ what: `the deployment ${name}`, version }));
  });
  return [...deployed, ...releases.values()];
}

interface Place {
  model: unknown;
  version: number | undefined;
  /** The version that a rollback would bring back. */
  before: number | undefined;
  /** Versions that rollouts are bringing in, by rollout. */
  readonly coming: Map<unknown, number | undefined>;
}

function followPlace(places: Map<string, Place>, { type, data }: RipenEvent): void {
  const name = `${textOf(data['deployment'])} in ${textOf(data['environment'])}`;
  if (type === 'deployment.retired') {
    places.delete(name);
    return;
  }
  const place = places.get(name) ?? {
    model: undefined,
    version: undefined,
    before: undefined,
    coming: new Map<unknown, number | undefined>(),
  };
  places.set(name, place);
  place.model = data['model'] ?? place.model;
  if (type === 'rollout.started') place.coming.set(data['rollout'], numberOf(data['version']));
  if (type === 'rollout.finished') place.coming.delete(data['rollout']);
  if (type === 'service.deployed') [place.before, place.version] = [place.version, numberOf(data['version'])];
  if (type === 'service.rolled-back') [place.before, place.version] = [undefined, numberOf(data['toVersion'])];
}

function followRelease(releases: Map<string, ModelUse>, model: string, { type, data }: RipenEvent): void {
  const release = textOf(data['release']);
  if (type === 'release.finished') releases.delete(release);
  else if (data['model'] === model) releases.set(release, { what: `the release ${release}`, version: numberOf(data['version']) });
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Serving writes versions as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
