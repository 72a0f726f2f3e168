import { useQuery } from '@tanstack/react-query';
import { projectsQuery } from '../api/projects.ts';

/** The title of a project; its name until the title is known. */
export function useProjectTitle(project: string): string {
  const { data } = useQuery(projectsQuery);
  return data?.items.find(({ name }) => name === project)?.title ?? project;
}
