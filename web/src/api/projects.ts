import { apiQuery } from './queries.ts';

/** What the frame needs of a project. */
export interface ProjectSummary {
  readonly name: string;
  readonly title: string;
}

export const projectsQuery = apiQuery<{ readonly items: readonly ProjectSummary[] }>('projects', '/projects');
