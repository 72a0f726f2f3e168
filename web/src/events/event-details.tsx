import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link as PlainLink } from '@tanstack/react-router';
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { InclusionProofWire } from '#governance/wire.ts';
import { get, pathOf } from '../api/client.ts';
import { IconButton } from '../ui/button.tsx';
import { formatExact } from '../ui/format.ts';
import { JsonView } from '../ui/json-view.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { QueryView } from '../ui/query-view.tsx';
import linkStyles from '../ui/link.module.css';
import styles from './events.module.css';
import { InclusionCheck } from './inclusion-check.tsx';
import { objectAddress } from './object-address.ts';

const route = getRouteApi('/$project/events');

/** One event whole, with the proof that it is in the log. */
export function EventDetails({ number, onOpen }: { readonly number: number; readonly onOpen: (number: number) => void }) {
  // Proofs are not of a room: an event does not change, and its proof holds for the log of its size.
  const proof = useQuery({
    queryKey: ['proof', number],
    queryFn: ({ signal }) => get<InclusionProofWire>(pathOf`/events/${number}/proof`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <QueryView query={proof} failure={`Event ${number} could not be read`} lines={10}>
      {(data) => <Whole proof={data} onOpen={onOpen} />}
    </QueryView>
  );
}

function Whole({ proof, onOpen }: { readonly proof: InclusionProofWire; readonly onOpen: (number: number) => void }) {
  const { project } = route.useParams();
  const { event } = proof;
  const object = objectAddress(event.subject);
  return (
    <div className={styles['details']}>
      <div className={styles['neighbours']}>
        <code>{event.type}</code>
        <span>
          <IconButton
            label="Newer event"
            disabled={event.number >= proof.size}
            icon={<ChevronUp size={15} aria-hidden />}
            onClick={() => onOpen(event.number + 1)}
          />
          <IconButton
            label="Older event"
            disabled={event.number <= 1}
            icon={<ChevronDown size={15} aria-hidden />}
            onClick={() => onOpen(event.number - 1)}
          />
        </span>
      </div>
      <KeyValues
        items={[
          {
            key: 'Object',
            value:
              object === undefined ? (
                event.subject
              ) : (
                <PlainLink to={object.to} className={linkStyles['link']}>
                  {object.label}
                </PlainLink>
              ),
          },
          {
            key: 'Subject',
            value: (
              <Link to="/$project/events" params={{ project }} search={{ subject: event.subject, number: event.number }}>
                {event.subject}
              </Link>
            ),
          },
          { key: 'Time', value: formatExact(event.time) },
          { key: 'Actor', value: `${event.actor.name} (${event.actor.kind})` },
          { key: 'Source', value: event.source },
          { key: 'Id', value: <code>{event.id}</code> },
          ...(event.project === undefined || event.project === project ? [] : [{ key: 'Project', value: event.project }]),
        ]}
      />
      <section aria-label="Data" className={styles['part']}>
        <h3>Data</h3>
        <JsonView label={`Data of event ${event.number}`} value={event.data} open={2} />
      </section>
      <InclusionCheck proof={proof} />
    </div>
  );
}
