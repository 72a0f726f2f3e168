import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { projectsQuery } from '../api/projects.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';

/** Which project the rooms show. */
export function ProjectSwitcher({ project }: { readonly project: string | undefined }) {
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const items = projects.data?.items ?? [];
  const title = items.find(({ name }) => name === project)?.title ?? project ?? 'Choose a project';
  const groups = [
    items.map((item) => ({
      id: item.name,
      label: item.title,
      onSelect: () => void navigate({ to: '/$project/ladder', params: { project: item.name } }),
    })),
    [{ id: '', label: 'All projects', onSelect: () => void navigate({ to: '/', search: { all: true } }) }],
  ];
  return (
    <Menu
      groups={groups.filter((group) => group.length > 0)}
      trigger={
        <Button look="plain" aria-label={`Project: ${title}`}>
          <strong>{title}</strong>
          <ChevronsUpDown size={13} aria-hidden />
        </Button>
      }
    />
  );
}
