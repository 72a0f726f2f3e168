import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ProjectWire } from '#identity/wire.ts';
import { projectsQuery } from '../api/projects.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Table } from '../ui/table.tsx';
import type { Column } from '../ui/table-columns.ts';
import { RelativeTime } from '../ui/values.tsx';

const columns: readonly Column<ProjectWire>[] = [
  {
    id: 'title',
    header: 'Project',
    value: (project) => project.title,
    cell: (project) => (
      <Link to="/$project/ladder" params={{ project: project.name }}>
        {project.title}
      </Link>
    ),
    width: 180,
  },
  { id: 'description', header: 'Description', value: (project) => project.description, grow: true, width: 200 },
  { id: 'template', header: 'Template', value: (project) => project.template, width: 160 },
  {
    id: 'createdAt',
    header: 'Created',
    value: (project) => project.createdAt,
    cell: (project) => <RelativeTime time={project.createdAt} />,
    numeric: true,
  },
];

export function ProjectsPage() {
  const projects = useQuery(projectsQuery);
  const navigate = useNavigate();
  return (
    <>
      <PageHeader title="Projects" />
      <QueryView query={projects} failure="The projects could not be read">
        {({ items }) => (
          <Table
            label="Projects"
            columns={columns}
            rows={items}
            rowKey={(project) => project.name}
            onOpen={(project) => void navigate({ to: '/$project/ladder', params: { project: project.name } })}
            empty={
              <EmptyState title="No project yet" command="ripen init">
                A project is a folder with a ripen.yaml. The tour creates one from a template and takes it to monitored production.
              </EmptyState>
            }
          />
        )}
      </QueryView>
    </>
  );
}
