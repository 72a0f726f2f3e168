/** Who works in the project, in which persona, on which days. */
import { type MaturityEvent, text, texts } from './event.ts';
import { get, put, type Table } from './table.ts';
import { add, type Tally } from './tally.ts';

export interface Person {
  id: string;
  name: string;
  /** Events that this person caused. */
  events: Tally;
}

export interface Member {
  member: string;
  personas: string[];
  number: number;
}

export interface PeopleFacts {
  people: Table<Person>;
  members: Table<Member>;
}

export function emptyPeople(): PeopleFacts {
  return { people: {}, members: {} };
}

export function foldPeople(facts: PeopleFacts, event: MaturityEvent): void {
  if (event.type === 'member.added') {
    const member = text(event.data, 'member');
    if (member !== undefined) put(facts.members, [member], { member, personas: [...texts(event.data, 'personas')], number: event.number });
  }
  // Services and the system are counted apart: they are not somebody to talk to.
  if (event.actor.kind !== 'person') return;
  const person = get(facts.people, event.actor.id) ?? { id: event.actor.id, name: event.actor.name, events: {} };
  person.name = event.actor.name;
  add(person.events, event, true);
  put(facts.people, [event.actor.id], person);
}
