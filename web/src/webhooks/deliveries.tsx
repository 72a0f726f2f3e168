import type { DeliveryWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { type State, StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Duration, RelativeTime } from '../ui/values.tsx';
import { deliveriesQuery, deliveryQuery, liveMs, useRedeliver, type WebhookAddress } from './webhook-queries.ts';
import styles from './webhooks.module.css';

const marks: Readonly<Record<DeliveryWire['state'], State>> = { pending: 'waiting', delivered: 'ok', failed: 'failed' };
const words: Readonly<Record<DeliveryWire['state'], string>> = { pending: 'waiting', delivered: 'delivered', failed: 'given up' };

/** What a webhook was sent, newest first; one of them opens below. */
export function Deliveries({ of }: { readonly of: WebhookAddress }) {
  const [opened, setOpened] = useState<string>();
  const query = useQuery({
    ...deliveriesQuery(of, undefined),
    refetchInterval: ({ state }) => (state.data?.items.some((delivery) => delivery.state === 'pending') === true ? liveMs : false),
  });
  return (
    <section className={styles['deliveries']}>
      <h3>Deliveries</h3>
      <QueryView query={query} failure="The deliveries could not be read" lines={4}>
        {({ items }) => (
          <>
            <Table
              label="Deliveries"
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              onOpen={({ id }) => setOpened(id === opened ? undefined : id)}
              openKey={opened}
              tools={false}
              maxHeight={320}
              empty={<p className={styles['muted']}>Nothing has happened yet that it is told of.</p>}
            />
            {opened !== undefined && <Delivery key={opened} of={of} delivery={opened} />}
          </>
        )}
      </QueryView>
    </section>
  );
}

const columns: readonly Column<DeliveryWire>[] = [
  { id: 'event', header: 'Of', value: ({ event }) => event, grow: true, width: 170 },
  {
    id: 'state',
    header: 'State',
    value: ({ state }) => words[state],
    cell: ({ state }) => <StateMark state={marks[state]} word={words[state]} />,
    width: 112,
  },
  { id: 'status', header: 'Status', value: ({ status }) => status, numeric: true, width: 72 },
  { id: 'attempts', header: 'Tries', value: ({ attempts }) => attempts, numeric: true, width: 64 },
  {
    id: 'created',
    header: 'When',
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
    numeric: true,
    width: 96,
  },
];

function Delivery({ of, delivery }: { readonly of: WebhookAddress; readonly delivery: string }) {
  const query = useQuery(deliveryQuery(of, delivery));
  const again = useRedeliver(of);
  return (
    <QueryView query={query} failure="The delivery could not be read" lines={4}>
      {(data) => (
        <div className={styles['delivery']}>
          <div className={styles['actions']}>
            <code className={styles['url']}>{data.id}</code>
            <Button busy={again.isPending} onClick={() => again.mutate(data.id)}>
              Send again
            </Button>
          </div>
          {data.nextAt !== undefined && (
            <p className={styles['muted']}>
              Tried next <RelativeTime time={data.nextAt} />.
            </p>
          )}
          {again.isError && <ErrorState error={again.error} title="The delivery could not be sent again" />}
          <ol className={styles['attempts']}>
            {data.log.map(({ number, at, took, status, problem, response }) => (
              <li key={number}>
                <span className={styles['actions']}>
                  <StateMark state={problem === undefined ? 'ok' : 'failed'} word={problem ?? `answered ${String(status)}`} />
                  <span className={styles['muted']}>
                    <RelativeTime time={at} />, took <Duration ms={took} />
                  </span>
                </span>
                {response !== undefined && response !== '' && <pre className={styles['response']}>{response}</pre>}
              </li>
            ))}
          </ol>
          <JsonView label="What is sent" value={JSON.parse(data.body) as unknown} />
        </div>
      )}
    </QueryView>
  );
}
