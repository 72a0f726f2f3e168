import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { PageHeader, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { PipelineCard } from './pipeline-card.tsx';
import { PipelineRunTable } from './pipeline-run-table.tsx';
import styles from './pipelines.module.css';
import { pipelinesQuery, useDefine } from './pipelines-api.ts';

const route = getRouteApi('/$project/pipelines');

export function PipelinesPage() {
  const { project } = route.useParams();
  const pipelines = useQuery(pipelinesQuery(project));
  const define = useDefine(project);
  const read = (
    <Button icon={<RefreshCw size={13} aria-hidden />} busy={define.isPending} onClick={() => define.mutate(undefined)}>
      Read ripen.yaml
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Pipelines"
        description="Graphs of steps declared in ripen.yaml. Results are kept by their content: only what changed runs again."
        actions={read}
      />
      {define.isError && <ErrorState error={define.error} title="ripen.yaml was not taken over" />}
      <QueryView query={pipelines} failure="The pipelines could not be read">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No pipeline is declared yet" command={`ripen pipeline list --project ${project}`} action={read}>
              Pipelines stand in <code>ripen.yaml</code> in the folder of the project. They appear here when the file was read.
            </EmptyState>
          ) : (
            <>
              <div className={styles['cards']}>
                {items.map((pipeline) => (
                  <PipelineCard key={pipeline.name} project={project} pipeline={pipeline} />
                ))}
              </div>
              <Section title="Runs">
                <PipelineRunTable pipelines={items} />
              </Section>
            </>
          )
        }
      </QueryView>
    </>
  );
}
