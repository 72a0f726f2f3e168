import type { ListedWebhookWire } from '#registry/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { CreateWebhook } from './create-webhook.tsx';
import { WebhookDetails } from './webhook-details.tsx';
import { liveMs, webhooksQuery } from './webhook-queries.ts';
import styles from './webhooks.module.css';

const route = getRouteApi('/$project/webhooks');

/** Who else is told what happens to models and prompts. */
export function WebhooksPage() {
  const { project } = route.useParams();
  const { webhook: opened } = route.useSearch();
  const navigate = route.useNavigate();
  const [creates, setCreates] = useState(false);
  const webhooks = useQuery({
    ...webhooksQuery(project),
    refetchInterval: ({ state }) => (state.data?.items.some(({ deliveries }) => deliveries.pending > 0) === true ? liveMs : false),
  });
  const open = webhooks.data?.items.find(({ id }) => id === opened);
  const show = (webhook: string | undefined) => void navigate({ search: () => ({ webhook }), resetScroll: false });
  return (
    <>
      <PageHeader
        title="Webhooks"
        path={
          <Link to="/$project/models" params={{ project }}>
            Models
          </Link>
        }
        description="Other systems are told what happens to models and prompts, in the form that MLflow tells it. A delivery that fails is tried again; a restart loses none."
        actions={
          <Button look="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setCreates(true)}>
            New webhook
          </Button>
        }
      />
      <QueryView query={webhooks} failure="The webhooks could not be read">
        {({ items }) => (
          <SplitPane
            detailsTitle={open?.name ?? 'Webhook'}
            details={
              open === undefined ? undefined : (
                <WebhookDetails key={open.id} project={project} webhook={open} onDeleted={() => show(undefined)} />
              )
            }
            onClose={() => show(undefined)}
          >
            <Table
              label="Webhooks"
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
              onOpen={({ id }) => show(id)}
              openKey={opened}
              tools={false}
              empty={
                <EmptyState
                  title="No webhook yet"
                  command={`ripen webhooks create ci https://ci.example.com/hook --event model_version.created --project ${project}`}
                >
                  A webhook tells an address of yours when a version is registered, an alias moves, a tag is set or a prompt changes.
                </EmptyState>
              }
            />
          </SplitPane>
        )}
      </QueryView>
      {creates && (
        <CreateWebhook
          project={project}
          onClose={() => setCreates(false)}
          onCreated={(id) => {
            setCreates(false);
            show(id);
          }}
        />
      )}
    </>
  );
}

const columns: readonly Column<ListedWebhookWire>[] = [
  { id: 'name', header: 'Name', value: ({ name }) => name, width: 150 },
  {
    id: 'state',
    header: 'State',
    value: ({ status }) => status,
    cell: (webhook) => <WebhookState webhook={webhook} />,
    width: 150,
  },
  {
    id: 'url',
    header: 'Address',
    value: ({ url }) => url,
    cell: ({ url }) => <code className={styles['url']}>{url}</code>,
    grow: true,
    width: 200,
  },
  {
    id: 'events',
    header: 'Told of',
    value: ({ events }) => events.length,
    cell: ({ events }) => events.join(', '),
    grow: true,
    width: 180,
  },
];

/** What waits or was given up says more than that it is active. */
export function WebhookState({ webhook: { status, deliveries } }: { readonly webhook: ListedWebhookWire }) {
  if (status === 'disabled') return <StateMark state="off" word={deliveries.pending > 0 ? `off, ${deliveries.pending} waiting` : 'off'} />;
  if (deliveries.failed > 0) return <StateMark state="failed" word={`${deliveries.failed} given up`} />;
  if (deliveries.pending > 0) return <StateMark state="waiting" word={`${deliveries.pending} waiting`} />;
  return <StateMark state="ok" word="active" />;
}
