import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ProjectSummary, projectsQuery } from '../api/projects.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Table } from '../ui/table.tsx';
import type { Column } from '../ui/table-columns.ts';

const columns: readonly Column<ProjectSummary>[] = [
  { id: 'title', header: 'Project', value: (project) => project.title, grow: true, width: 200 },
  { id: 'name', header: 'Name', value: (project) => project.name, width: 200 },
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
