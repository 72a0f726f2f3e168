import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Select } from '../ui/select.tsx';
import { deploymentsQuery } from './deployments-api.ts';
import { releaseWord, way } from './release-state.tsx';
import { ReleaseTable } from './release-table.tsx';

const route = getRouteApi('/$project/releases');
const states = [...way, 'refused', 'rolled-back', 'failed', 'cancelled'] as const;

export function ReleasesPage() {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const deployments = useQuery(deploymentsQuery(project)).data?.items ?? [];
  const change = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <>
      <PageHeader
        title="Releases"
        path={
          <Link to="/$project/deployments" params={{ project }}>
            Deployments
          </Link>
        }
        description="Each model version that was sent towards production, and what its gates said."
      />
      <ReleaseTable
        project={project}
        search={search}
        tools={
          <>
            <Select
              label="Deployment"
              labelHidden
              choices={[{ value: '', label: 'Every deployment' }, ...deployments.map(({ name }) => ({ value: name, label: name }))]}
              value={search.deployment ?? ''}
              onChange={(deployment) => change({ deployment: deployment || undefined })}
            />
            <Select
              label="State"
              labelHidden
              choices={[{ value: '', label: 'Every state' }, ...states.map((state) => ({ value: state, label: releaseWord(state) }))]}
              value={search.state ?? ''}
              onChange={(state) => change({ state: state || undefined })}
            />
          </>
        }
      />
    </>
  );
}
