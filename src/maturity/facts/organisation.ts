/** What is known beyond the one project: all projects of the server, their first production service, the audit of the log. */
import { flag, type MaturityEvent, number, text } from './event.ts';
import { get, put, type Table } from './table.ts';
import { add, type Tally } from './tally.ts';

export interface ProjectRecord {
  project: string;
  number: number;
  time: number;
  creator: string;
  template: string | undefined;
  firstProduction: { number: number; time: number } | undefined;
}

export interface OrganisationFacts {
  projects: Table<ProjectRecord>;
  audits: Tally;
  lastAudit: { number: number; time: number; ok: boolean; size: number } | undefined;
  /** The earliest event that counted: how far back the log reaches. */
  first: { number: number; time: number } | undefined;
}

export function emptyOrganisation(): OrganisationFacts {
  return { projects: {}, audits: {}, lastAudit: undefined, first: undefined };
}

/** Takes the events of all projects that say something about the whole server. */
export function foldOrganisation(facts: OrganisationFacts, event: MaturityEvent): void {
  facts.first ??= { number: event.number, time: event.time };
  if (event.type === 'project.created') create(facts, event);
  else if (event.type === 'template.instantiated') {
    const project = get(facts.projects, event.project ?? '');
    if (project !== undefined) project.template ??= text(event.data, 'template');
  } else if (event.type === 'service.deployed' && text(event.data, 'environment') === 'production') {
    const project = get(facts.projects, event.project ?? '');
    if (project !== undefined) project.firstProduction ??= { number: event.number, time: event.time };
  } else if (event.type === 'audit.verified') {
    const ok = flag(event.data, 'ok') === true;
    add(facts.audits, event, ok);
    facts.lastAudit = { number: event.number, time: event.time, ok, size: number(event.data, 'size') ?? 0 };
  }
}

function create(facts: OrganisationFacts, event: MaturityEvent): void {
  const project = text(event.data, 'name') ?? event.project;
  if (project === undefined || get(facts.projects, project) !== undefined) return;
  const template = text(event.data, 'template');
  const stamp = { number: event.number, time: event.time };
  put(facts.projects, [project], { project, ...stamp, creator: event.actor.id, template, firstProduction: undefined });
}
