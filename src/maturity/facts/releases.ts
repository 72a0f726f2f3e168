/** Releases and who approved them. */
import { flag, type MaturityEvent, text } from './event.ts';
import { get, put, type Table } from './table.ts';

export interface Release {
  release: string;
  model: string;
  version: string;
  number: number;
  time: number;
  author: string;
  byPerson: boolean;
  /** A rehearsal that the gates must refuse. */
  deliberate: boolean;
  risk: string | undefined;
  /** People who approved, each once, with the event. */
  approvals: { approver: string; number: number }[];
  outcome: string | undefined;
  finished: { number: number; time: number } | undefined;
}

export interface ReleaseFacts {
  releasedCount: number;
  releases: Table<Release>;
}

export function emptyReleases(): ReleaseFacts {
  return { releasedCount: 0, releases: {} };
}

export function foldReleases(facts: ReleaseFacts, event: MaturityEvent): void {
  const id = text(event.data, 'release');
  if (id === undefined) return;
  if (event.type === 'release.created') create(facts, event, id);
  const release = get(facts.releases, id);
  if (release === undefined) return;
  if (event.type === 'release.approved') approve(release, event);
  else if (event.type === 'release.finished' && release.finished === undefined) {
    release.outcome = text(event.data, 'outcome');
    release.finished = { number: event.number, time: event.time };
    if (release.outcome === 'released') facts.releasedCount += 1;
  }
}

function create(facts: ReleaseFacts, event: MaturityEvent, id: string): void {
  put(facts.releases, [id], {
    release: id,
    model: text(event.data, 'model') ?? '',
    version: text(event.data, 'version') ?? '',
    number: event.number,
    time: event.time,
    author: event.actor.id,
    byPerson: event.actor.kind === 'person',
    deliberate: flag(event.data, 'deliberate') === true,
    risk: text(event.data, 'risk'),
    approvals: [],
    outcome: undefined,
    finished: undefined,
  });
}

function approve(release: Release, event: MaturityEvent): void {
  // Only a person's own act is an approval: the actor counts, not the name that the data carries.
  if (event.actor.kind !== 'person') return;
  const approver = event.actor.id;
  if (!release.approvals.some((approval) => approval.approver === approver)) release.approvals.push({ approver, number: event.number });
}
