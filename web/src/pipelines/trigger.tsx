import type { PipelineRunWire, PipelineWire } from '#pipelines/wire.ts';
import { Badge } from '../ui/badge.tsx';
import { Link } from '../ui/link.tsx';
import { RelativeTime } from '../ui/values.tsx';

const words: Readonly<Record<PipelineRunWire['trigger']['kind'], string>> = {
  manual: 'by hand',
  schedule: 'schedule',
  'new-data': 'new data',
  alert: 'alert',
  git: 'commit',
  backfill: 'backfill',
};

/** What started a run, with the event that was the cause. */
export function RunTrigger({ project, run }: { readonly project: string; readonly run: Pick<PipelineRunWire, 'trigger' | 'actor'> }) {
  const { kind, event } = run.trigger;
  return (
    <>
      {kind === 'manual' ? run.actor.name : words[kind]}
      {event !== undefined && (
        <>
          {' '}
          <Link to="/$project/events" params={{ project }} search={{ number: event }}>
            event {event}
          </Link>
        </>
      )}
    </>
  );
}

/** When a pipeline starts by itself. */
export function PipelineTriggers({ triggers }: { readonly triggers: PipelineWire['triggers'] }) {
  if (triggers.length === 0) return <>by hand</>;
  return triggers.map((trigger, index) =>
    trigger.kind === 'schedule' ? (
      <span key={index}>
        <Badge tone="outline">
          <code>{trigger.cron}</code> {trigger.zone}
        </Badge>{' '}
        {trigger.nextAt !== undefined && (
          <>
            next <RelativeTime time={trigger.nextAt} />{' '}
          </>
        )}
      </span>
    ) : (
      <span key={index}>
        <Badge tone="outline">
          on {trigger.on}
          {trigger.where !== undefined && Object.keys(trigger.where).length > 0 && (
            <>
              {' '}
              where{' '}
              {Object.entries(trigger.where)
                .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
                .join(', ')}
            </>
          )}
        </Badge>{' '}
      </span>
    ),
  );
}
