import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { useMemo } from 'react';
import { projectsQuery } from '../api/projects.ts';
import { Button } from '../ui/button.tsx';
import { type PaletteItem, usePaletteItems } from './palette-items.ts';

interface ProjectSwitcherProps {
  readonly project: string | undefined;
  /** Opens the palette with the projects alone. */
  readonly onOpen: () => void;
}

/** Which project the rooms show; also puts all projects into the palette. */
export function ProjectSwitcher({ project, onOpen }: ProjectSwitcherProps) {
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const items = projects.data?.items;
  const title = items?.find(({ name }) => name === project)?.title ?? project ?? 'Choose a project';
  const choices = useMemo(
    () =>
      (items ?? []).map<PaletteItem>((item) => ({
        id: `project-${item.name}`,
        group: 'Projects',
        label: item.title,
        words: item.name,
        onSelect: () => void navigate({ to: '/$project/ladder', params: { project: item.name } }),
      })),
    [items, navigate],
  );
  usePaletteItems(choices);
  return (
    <Button look="plain" aria-label={`Project: ${title}. Switch`} onClick={onOpen}>
      <strong>{title}</strong>
      <ChevronsUpDown size={13} aria-hidden />
    </Button>
  );
}
