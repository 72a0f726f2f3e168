import { getRouteApi } from '@tanstack/react-router';
import type { EventWire } from '#governance/wire.ts';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount } from '../ui/format.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { RelativeTime } from '../ui/values.tsx';
import { EventDetails } from './event-details.tsx';
import { EventFilters } from './event-filters.tsx';
import type { EventsSearch } from './events-search.ts';
import styles from './events.module.css';
import { summaryOf } from './summary.ts';
import { useEvents } from './use-events.ts';
import { VerifyLog } from './verify-log.tsx';

const route = getRouteApi('/$project/events');
/** So many events are searched for a word without asking. */
const searchedAtOnce = 5_000;

/** Everything that happened in a project, in order, provable. */
export function EventsPage() {
  const { project } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { past, events, head } = useEvents({ project, type: search.type, subject: search.subject });
  const wanted = useDeferredValue(search);
  const rows = useMemo(() => events.filter((event) => matches(event, wanted)), [events, wanted]);
  const actors = useMemo(() => [...new Set(events.map(({ actor }) => actor.name))].toSorted(), [events]);
  const searching = search.find !== undefined || search.actor !== undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = past;
  const readOn = searching && hasNextPage && !isFetchingNextPage && rows.length < 50 && events.length < searchedAtOnce;
  useEffect(() => {
    if (readOn) void fetchNextPage();
  }, [readOn, fetchNextPage]);
  const change = (part: EventsSearch, replace = true) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace, resetScroll: false });

  return (
    <>
      <PageHeader
        title="Events"
        description={
          head === undefined
            ? 'Everything that changed, in order.'
            : `Everything that changed, in order. The log has ${formatCount(head.size)} events over all projects.`
        }
      />
      <VerifyLog />
      <EventFilters search={search} actors={actors} onChange={change} />
      <QueryView query={past} failure="The events could not be read" lines={14}>
        {() => (
          <SplitPane
            detailsTitle={`Event ${search.number ?? ''}`}
            details={
              search.number === undefined ? undefined : (
                <EventDetails key={search.number} number={search.number} onOpen={(number) => change({ number })} />
              )
            }
            onClose={() => change({ number: undefined })}
          >
            <Table
              label="Events"
              columns={search.number === undefined ? columns : narrowColumns}
              rows={rows}
              rowKey={(event) => String(event.number)}
              onOpen={({ number }) => change({ number }, search.number !== undefined)}
              openKey={search.number === undefined ? undefined : String(search.number)}
              tools={false}
              total={rows.length + (hasNextPage ? 1 : 0)}
              onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
              maxHeight="max(360px, calc(100dvh - 250px))"
              empty={
                <NoEvents project={project} filtered={events.length > 0 || search.type !== undefined || search.subject !== undefined} />
              }
            />
            <p className={styles['foot']}>
              {searching
                ? `${formatCount(rows.length)} found in the newest ${formatCount(events.length)} events.`
                : `${formatCount(rows.length)} events read.`}{' '}
              {hasNextPage ? (
                <Button look="plain" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {searching ? 'Search older events' : 'Read older events'}
                </Button>
              ) : (
                'That is the beginning.'
              )}
            </p>
          </SplitPane>
        )}
      </QueryView>
    </>
  );
}

function NoEvents({ project, filtered }: { readonly project: string; readonly filtered: boolean }) {
  if (filtered)
    return <EmptyState title="No event matches">Change or clear the filters above. What did not happen is not in the log.</EmptyState>;
  return (
    <EmptyState title="Nothing has happened yet" command={`ripen events list --project ${project}`}>
      Each change of the project writes an event here.
    </EmptyState>
  );
}

function matches({ type, subject, actor, data, number }: EventWire, { actor: wantedActor, find }: EventsSearch): boolean {
  if (wantedActor !== undefined && actor.name !== wantedActor) return false;
  if (find === undefined) return true;
  const text = `${number} ${type} ${subject} ${actor.name} ${JSON.stringify(data)}`.toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const columns: readonly Column<EventWire>[] = [
  { id: 'number', header: 'Number', value: (event) => event.number, numeric: true, width: 80, sortable: false },
  {
    id: 'time',
    header: 'Time',
    value: (event) => event.time,
    cell: (event) => <RelativeTime time={event.time} />,
    width: 104,
    sortable: false,
  },
  { id: 'type', header: 'Type', value: (event) => event.type, cell: (event) => <code>{event.type}</code>, width: 220, sortable: false },
  { id: 'what', header: 'What', value: (event) => summaryOf(event), grow: true, width: 220, sortable: false },
  { id: 'actor', header: 'Actor', value: (event) => event.actor.name, width: 110, sortable: false },
];

// While details take a part of the width; they say when and by whom.
const narrowColumns = columns.filter(({ id }) => id !== 'time' && id !== 'actor');
