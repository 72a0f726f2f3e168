import type { Queryable } from '#kernel/database/index.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Member, Persona, Project, Scope, Token } from './model.ts';

interface ProjectRow {
  name: string;
  title: string;
  description: string | null;
  template: string | null;
  template_version: string | null;
  path: string | null;
  created_at: number;
}

interface TokenRow {
  id: string;
  secret_hash: string;
  label: string;
  actor: string;
  scope: string;
  project: string | null;
  account: string | null;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

interface Tables {
  projects: ProjectRow;
  members: { project: string; id: string; name: string; personas: string; added_at: number };
  tokens: TokenRow;
}

export async function findProject(from: Queryable, name: string): Promise<Project | undefined> {
  const row = await from.query<Tables>().selectFrom('projects').selectAll().where('name', '=', name).executeTakeFirst();
  return row && toProject(row);
}

export async function listProjects(from: Queryable): Promise<Project[]> {
  return (await from.query<Tables>().selectFrom('projects').selectAll().orderBy('created_at').execute()).map(toProject);
}

export async function insertProject(tx: Queryable, project: Project): Promise<void> {
  const { templateVersion, createdAt, description, template, path, ...rest } = project;
  const row: ProjectRow = {
    ...rest,
    description: description ?? null,
    template: template ?? null,
    template_version: templateVersion ?? null,
    path: path ?? null,
    created_at: createdAt,
  };
  await tx.query<Tables>().insertInto('projects').values(row).execute();
}

export async function listMembers(from: Queryable, project: string): Promise<Member[]> {
  const rows = await from.query<Tables>().selectFrom('members').selectAll().where('project', '=', project).orderBy('added_at').execute();
  return rows.map(({ id, name, personas, added_at: addedAt }) => ({ id, name, personas: JSON.parse(personas) as Persona[], addedAt }));
}

export async function putMember(tx: Queryable, project: string, member: Member): Promise<void> {
  const personas = JSON.stringify(member.personas);
  await tx
    .query<Tables>()
    .insertInto('members')
    .values({ project, id: member.id, name: member.name, personas, added_at: member.addedAt })
    .onConflict((conflict) => conflict.columns(['project', 'id']).doUpdateSet({ name: member.name, personas }))
    .execute();
}

export async function insertToken(tx: Queryable, token: Token, secretHash: string): Promise<void> {
  const row: TokenRow = {
    id: token.id,
    secret_hash: secretHash,
    label: token.label,
    actor: JSON.stringify(token.actor),
    scope: token.scope,
    project: token.project ?? null,
    account: token.account ?? null,
    created_at: token.createdAt,
    expires_at: token.expiresAt ?? null,
    last_used_at: null,
  };
  await tx.query<Tables>().insertInto('tokens').values(row).execute();
}

export async function findTokenByHash(from: Queryable, secretHash: string): Promise<Token | undefined> {
  const row = await from.query<Tables>().selectFrom('tokens').selectAll().where('secret_hash', '=', secretHash).executeTakeFirst();
  return row && toToken(row);
}

export async function listTokens(from: Queryable): Promise<Token[]> {
  return (await from.query<Tables>().selectFrom('tokens').selectAll().orderBy('created_at').execute()).map(toToken);
}

export async function touchToken(tx: Queryable, id: string, usedAt: number): Promise<void> {
  await tx.query<Tables>().updateTable('tokens').set({ last_used_at: usedAt }).where('id', '=', id).execute();
}

/** Whether there was one. */
export async function deleteToken(tx: Queryable, id: string): Promise<boolean> {
  const result = await tx.query<Tables>().deleteFrom('tokens').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function toProject({
  template_version: templateVersion,
  created_at: createdAt,
  description,
  template,
  path,
  ...rest
}: ProjectRow): Project {
  return {
    ...rest,
    description: description ?? undefined,
    template: template ?? undefined,
    templateVersion: templateVersion ?? undefined,
    path: path ?? undefined,
    createdAt,
  };
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    label: row.label,
    actor: JSON.parse(row.actor) as Actor,
    scope: row.scope as Scope,
    project: row.project ?? undefined,
    account: row.account ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
