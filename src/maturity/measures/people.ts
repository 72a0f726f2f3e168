/** What several people do together. One person is counted once, however many personas they hold. */
import { type Member, type Person } from '../facts/people.ts';
import { rows } from '../facts/table.ts';
import { sum } from '../facts/tally.ts';
import type { Measure, View } from '../model.ts';
import type { Facts } from '../facts.ts';
import { counted, measured, noData, notMeasurable } from './share.ts';

const eventsToBeActive = 3;

interface Active {
  readonly person: Person;
  readonly personas: readonly string[];
  readonly events: readonly number[];
}

/** People with at least three events of their own in the window. */
function activePeople(facts: Facts, view: View): readonly Active[] {
  const members = rows(facts.people.members);
  return rows(facts.people.people).flatMap((person) => {
    const total = sum(person.events, view.since);
    const personas = members.filter((member) => isMember(member, person)).flatMap((member) => member.personas);
    return total.all >= eventsToBeActive ? [{ person, personas: [...new Set(personas)], events: total.metEvents.slice(-10) }] : [];
  });
}

function isMember(member: Member, person: Person): boolean {
  return member.member === person.id || member.member === person.name;
}

/** Personas that can be filled by a different person each: one person in two personas is still one role at work. */
export function distinctPersonas(people: readonly { readonly personas: readonly string[] }[]): number {
  const heldBy = new Map<string, number>();
  const place = (index: number, seen: Set<string>): boolean =>
    (people[index]?.personas ?? []).some((persona) => {
      if (seen.has(persona)) return false;
      seen.add(persona);
      const holder = heldBy.get(persona);
      if (holder !== undefined && !place(holder, seen)) return false;
      heldBy.set(persona, index);
      return true;
    });
  return people.filter((_, index) => place(index, new Set())).length;
}

/** Personas in which somebody works, each with a person of its own. */
export const rolesAtWork: Measure = (facts, view) => {
  const active = activePeople(facts, view);
  if (rows(facts.people.people).length === 0) return noData('nobody has done anything in the project yet');
  const roles = distinctPersonas(active);
  const withPersona = active.filter((one) => one.personas.length > 0).length;
  return measured({
    value: roles,
    numerator: roles,
    denominator: 2,
    explanation: `${counted(roles, 'persona is', 'personas are')} at work: ${counted(active.length, 'person is', 'people are')} active, ${withPersona} of them with a persona`,
    evidence: active.flatMap((one) => one.events),
    missing: active.filter((one) => one.personas.length === 0).map((one) => `${one.person.name} (no persona)`),
  });
};

/**
 * For what needs at least two people and is not observed yet: with one person it is certain that it is not met,
 * with more it cannot be said.
 */
export function needsTwoPeople(what: string, provedBy: string): Measure {
  return (facts, view) => {
    const active = activePeople(facts, view);
    if (active.length >= 2) return notMeasurable(provedBy);
    if (active.length === 0) return noData('nobody has worked in the project in this time');
    return measured({
      value: 0,
      numerator: 0,
      denominator: 0,
      explanation: `${what} takes two people, and only ${active[0]?.person.name ?? 'one person'} works in this project`,
      counterEvidence: active.flatMap((one) => one.events),
    });
  };
}
