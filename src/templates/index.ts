import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Identity, type Project, projectSchema } from '#identity/index.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import { instantiate } from './instantiate.ts';
import { openLibrary } from './library.ts';
import type { Template } from './model.ts';

export type { Template } from './model.ts';

export interface Templates {
  readonly list: () => readonly Template[];
  /** Makes a project from a template, in `path` (a new or empty folder). @throws `templates.template-not-found`, `templates.folder-not-empty` */
  readonly createProject: (
    context: ChangeContext,
    request: { name: string; title?: string | undefined; template: string; path?: string | undefined },
  ) => Promise<Project>;
  readonly endpoints: readonly Endpoint[];
}

/** `directory` holds the templates; projects without a folder of their own go below `projects`. */
export function createTemplates({
  identity,
  directory,
  projects,
}: {
  identity: Pick<Identity, 'projects'>;
  directory: string;
  projects: string;
}): Templates {
  const library = openLibrary(directory);
  const createProject: Templates['createProject'] = async (context, request) => {
    const { template, folder } = library.find(request.template);
    const path = resolve(request.path ?? join(projects, request.name));
    await identity.projects.requireFree(request.name);
    await instantiate(folder, { path, project: request.name });
    return identity.projects.create(context, {
      name: request.name,
      title: request.title,
      template: template.name,
      templateVersion: template.version,
      path,
    });
  };
  return { list: library.list, createProject, endpoints: templateEndpoints({ list: library.list, createProject }) };
}

function templateEndpoints({ list, createProject }: Pick<Templates, 'list' | 'createProject'>): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/v1/templates',
      id: 'templates.list',
      action: 'projects:read',
      summary: 'The project templates',
      result: z.object({ items: z.array(z.object({ name: z.string(), version: z.string(), title: z.string(), description: z.string() })) }),
      handle: () => ({ items: [...list()] }),
    }),
    endpoint({
      method: 'post',
      path: '/api/v1/templates/{template}/projects',
      id: 'templates.create-project',
      action: 'projects:write',
      summary: 'Makes a project from a template, in a folder on the server’s machine',
      status: 201,
      params: z.object({ template: z.string() }),
      body: z.object({ name: z.string(), title: z.string().optional(), path: z.string().optional() }),
      result: projectSchema,
      handle: ({ params, body, caller }) => createProject({ actor: caller.actor }, { ...body, template: params.template }),
    }),
  ];
}
