import { defineErrors } from '#kernel/errors.ts';
import type { Actor } from '#kernel/events/index.ts';

/** What a person does in a project; a person may have several. */
export const personas = ['data-scientist', 'data-engineer', 'ml-engineer', 'platform-engineer', 'auditor', 'business'] as const;
export type Persona = (typeof personas)[number];

/** A piece of work with its own data, models and ladder. Its name is its address. */
export interface Project {
  /** Lower-case letters, digits and dashes; permanent. */
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly template: string | undefined;
  readonly templateVersion: string | undefined;
  /** Absolute folder of the project's code on this machine, where it has one. */
  readonly path: string | undefined;
  readonly createdAt: number;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly personas: readonly Persona[];
  readonly addedAt: number;
}

/** What a token allows: `read` only reads, `write` does what a member may, `agent` is an agent of one account. */
export const scopes = ['read', 'write', 'agent'] as const;
export type Scope = (typeof scopes)[number];

export interface Token {
  readonly id: string;
  readonly label: string;
  readonly actor: Actor;
  readonly scope: Scope;
  /** The only project it opens; all when left out. */
  readonly project: string | undefined;
  /** For an agent: the account it works in. */
  readonly account: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly lastUsedAt: number | undefined;
}

/** Who calls and how much they may do; policy decides the rest. */
export interface Principal {
  readonly actor: Actor;
  readonly scope: Scope | 'owner';
  readonly project: string | undefined;
  readonly account: string | undefined;
}

export const projectNamePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const identityErrors = defineErrors('identity', {
  'project-not-found': {
    kind: 'not-found',
    message: (a: { project: string }) => `There is no project "${a.project}".`,
    hint: () => '`ripen init` makes one; the start page lists those that exist.',
  },
  'project-exists': {
    kind: 'conflict',
    message: (a: { project: string }) => `A project "${a.project}" exists already.`,
    hint: () => 'Choose another name, or work in the one that exists.',
  },
  'invalid-project-name': {
    kind: 'input',
    message: (a: { project: string }) => `"${a.project}" cannot be a project name.`,
    hint: () => 'Use 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit.',
  },
  'not-signed-in': {
    kind: 'authentication',
    message: (a: { reason: string }) => `Ripen does not know who is asking: ${a.reason}.`,
    hint: () => 'Send "Authorization: Bearer <token>". `ripen token create` makes one on the server’s machine.',
  },
  'token-not-found': {
    kind: 'not-found',
    message: (a: { token: string }) => `There is no token ${a.token}.`,
  },
});
