import type { SnapshotWire } from '#data/wire.ts';
import { Link } from '../ui/link.tsx';

/** What made a load: the pipeline run, or the file that somebody sent. */
export function Producer({
  project,
  snapshot,
}: {
  readonly project: string;
  readonly snapshot: Pick<SnapshotWire, 'producer' | 'source'>;
}) {
  const { producer, source } = snapshot;
  if (producer.kind === 'pipeline-run')
    return (
      <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun: producer.id }}>
        pipeline run {producer.id.length > 12 ? `…${producer.id.slice(-8)}` : producer.id}
      </Link>
    );
  return <>upload of {source.name}</>;
}
