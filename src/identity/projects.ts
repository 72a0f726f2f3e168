import { RipenError } from '#kernel/errors.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { identityErrors, type Member, type Persona, type Project, projectNamePattern } from './model.ts';
import { findProject, insertProject, listMembers, listProjects, putMember } from './store.ts';

export interface ProjectRequest {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly template?: string | undefined;
  readonly templateVersion?: string | undefined;
  readonly path?: string | undefined;
}

export function createProjects({ clock, events }: Pick<Kernel, 'clock' | 'events'>) {
  async function project(name: string): Promise<Project> {
    const found = await findProject(events.database, name);
    if (found === undefined) throw identityErrors['project-not-found']({ project: name });
    return found;
  }

  return {
    /** @throws `identity.project-not-found` */
    project,

    /** Whether a project may be called so. @throws `identity.invalid-project-name`, `identity.project-exists` */
    async requireFree(name: string): Promise<void> {
      if (!projectNamePattern.test(name)) throw identityErrors['invalid-project-name']({ project: name });
      if ((await findProject(events.database, name)) !== undefined) throw identityErrors['project-exists']({ project: name });
    },

    /** The project of that name, made when there is none. @throws `identity.invalid-project-name` */
    async open(context: ChangeContext, name: string): Promise<Project> {
      const found = await findProject(events.database, name);
      if (found !== undefined) return found;
      try {
        return await this.create(context, { name });
      } catch (error) {
        // Another request was quicker.
        if (error instanceof RipenError && error.code === 'identity.project-exists') return project(name);
        throw error;
      }
    },

    list: (): Promise<Project[]> => listProjects(events.database),

    /** Makes a project; whoever makes it is its first member. @throws `identity.invalid-project-name`, `identity.project-exists` */
    async create(context: ChangeContext, request: ProjectRequest): Promise<Project> {
      const { name, description, template, templateVersion, path } = request;
      if (!projectNamePattern.test(name)) throw identityErrors['invalid-project-name']({ project: name });
      const made: Project = {
        name,
        title: request.title ?? titleOf(name),
        description,
        template,
        templateVersion,
        path,
        createdAt: clock.now(),
      };
      await events.change({ ...context, project: name }, async (change) => {
        if ((await findProject(change, name)) !== undefined) throw identityErrors['project-exists']({ project: name });
        await insertProject(change, made);
        const subject = `projects/${name}`;
        change.emit({ type: 'project.created', source: 'identity', subject, data: { name, title: made.title, template, templateVersion } });
        if (template !== undefined)
          change.emit({ type: 'template.instantiated', source: 'identity', subject, data: { template, templateVersion, path } });
        if (context.actor.kind !== 'person') return;
        const { id, name: person } = context.actor;
        await putMember(change, name, { id, name: person, personas: ['data-scientist'], addedAt: made.createdAt });
        change.emit({
          type: 'member.added',
          source: 'identity',
          subject: `${subject}/members/${id}`,
          data: { member: id, personas: ['data-scientist'] },
        });
      });
      return made;
    },

    async members(name: string): Promise<Member[]> {
      await project(name);
      return listMembers(events.database, name);
    },

    /** Adds a person, or changes their personas. */
    async putMember(
      context: ChangeContext,
      name: string,
      person: { id: string; name: string; personas: readonly Persona[] },
    ): Promise<Member> {
      const member: Member = { ...person, addedAt: clock.now() };
      await project(name);
      await events.change({ ...context, project: name }, async (change) => {
        await putMember(change, name, member);
        const data = { member: member.id, personas: member.personas };
        change.emit({ type: 'member.added', source: 'identity', subject: `projects/${name}/members/${member.id}`, data });
      });
      return member;
    },
  };
}

function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
