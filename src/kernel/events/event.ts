import { canonicalJson, type Json } from '../canonical-json.ts';

/** Who did it. `system` is Ripen itself, `service` an agent or a machine account. */
export interface Actor {
  readonly kind: 'person' | 'service' | 'system';
  readonly id: string;
  readonly name: string;
}

export const systemActor: Actor = { kind: 'system', id: 'ripen', name: 'Ripen' };

/** What a command says has happened. The log adds number, id and time. */
export interface EventDraft {
  /** `noun.verb-past`, for example `run.started`; permanent. */
  readonly type: string;
  /** The module that speaks. */
  readonly source: string;
  /** Address of the object without a leading slash: `projects/flights/runs/<id>`. */
  readonly subject: string;
  readonly data: { readonly [key: string]: Json | undefined };
}

/** One line of the event log: a CloudEvent (1.0) with a number. */
export interface RipenEvent extends EventDraft {
  /** 1, 2, 3, … over the whole server, without gaps. */
  readonly number: number;
  readonly id: string;
  /** Epoch milliseconds, server time of the commit. */
  readonly time: number;
  readonly actor: Actor;
  readonly project: string | undefined;
}

/** On whose behalf a change is made, and in which project. */
export interface ChangeContext {
  readonly actor: Actor;
  readonly project?: string | undefined;
}

/** The bytes whose hash is the event's leaf in the Merkle tree. */
export function leafContent(event: RipenEvent): string {
  const { number, id, type, source, subject, time, actor, project, data } = event;
  return canonicalJson({ number, id, type, source, subject, time, actor: { ...actor }, project, data });
}
