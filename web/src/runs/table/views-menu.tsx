import type { RunViewTable, RunViewWire } from '#tracking/views/wire.ts';
import { useQuery } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { patch, pathOf } from '../../api/client.ts';
import { useAction } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import type { MenuItem } from '../../ui/menu.tsx';
import { notify } from '../../ui/toast-notes.ts';
import { runViewsQuery } from '../runs-api.ts';
import { differsFrom, type TableSearch, viewSearch, viewTable } from './table-state.ts';

const SaveView = lazy(() => import('./view-dialogs.tsx').then((module) => ({ default: module.SaveView })));
const RenameView = lazy(() => import('./view-dialogs.tsx').then((module) => ({ default: module.RenameView })));
const DeleteView = lazy(() => import('./view-dialogs.tsx').then((module) => ({ default: module.DeleteView })));

interface ViewsMenuProps {
  readonly project: string;
  readonly search: TableSearch;
  readonly onOpen: (search: TableSearch) => void;
}

type Asked = 'save' | 'rename' | 'delete';

/** Saved views of the table: open one, save what is shown, share, rename, delete. */
export function ViewsMenu({ project, search, onOpen }: ViewsMenuProps) {
  const views = useQuery(runViewsQuery(project)).data?.items ?? [];
  const [asked, setAsked] = useState<Asked>();
  const open = views.find((view) => view.id === search.view);
  const changed = open !== undefined && differsFrom(open.table, search);
  const base = pathOf`/projects/${project}/run-views`;
  const edit = useAction(
    (change: { shared?: boolean; table?: RunViewTable }) => patch<RunViewWire>(`${base}/${open?.id ?? ''}`, change),
    ['runs'],
  );
  const act = (change: { shared?: boolean; table?: RunViewTable }, done: string) =>
    edit.mutate(change, {
      onSuccess: () => notify('ok', done),
      onError: (error) => notify('failed', 'The view was not changed', error.message),
    });

  const item = (view: RunViewWire): MenuItem => ({
    id: view.id,
    label: view.name,
    icon: <Bookmark size={14} aria-hidden fill={view.id === open?.id ? 'currentColor' : 'none'} />,
    ...(view.mine ? {} : { keys: view.owner.name }),
    onSelect: () => onOpen(viewSearch(view.id, view.table)),
  });
  const own: MenuItem[] =
    open === undefined
      ? []
      : [
          ...(open.mine && changed
            ? [{ id: 'over', label: `Save over “${open.name}”`, onSelect: () => act({ table: viewTable(search) }, 'View saved') }]
            : []),
          ...(changed ? [{ id: 'back', label: 'Back to the saved view', onSelect: () => onOpen(viewSearch(open.id, open.table)) }] : []),
          ...(open.mine
            ? [
                {
                  id: 'share',
                  label: open.shared ? 'Make it private' : 'Share it with the project',
                  onSelect: () => act({ shared: !open.shared }, open.shared ? 'The view is private' : 'The view is shared'),
                },
                { id: 'rename', label: 'Rename…', onSelect: () => setAsked('rename') },
                { id: 'delete', label: 'Delete view…', danger: true, onSelect: () => setAsked('delete') },
              ]
            : []),
          { id: 'link', label: 'Copy link', onSelect: () => copyLink(project, open) },
        ];
  const groups = [
    [{ id: 'all', label: 'All runs', onSelect: () => onOpen({}) }],
    views.filter((view) => view.shared).map(item),
    views.filter((view) => !view.shared).map(item),
    own,
    [{ id: 'save', label: 'Save as a new view…', onSelect: () => setAsked('save') }],
  ].filter((group) => group.length > 0);
  return (
    <>
      <MenuButton
        trigger={
          <Button icon={<Bookmark size={14} aria-hidden />} aria-label={`View: ${open?.name ?? 'All runs'}${changed ? ', changed' : ''}`}>
            {open?.name ?? 'All runs'}
            {changed && ' •'}
          </Button>
        }
        groups={groups}
      />
      <Suspense>
        {asked === 'save' && <SaveView project={project} search={search} onSaved={onOpen} onClose={() => setAsked(undefined)} />}
        {asked === 'rename' && open !== undefined && <RenameView project={project} view={open} onClose={() => setAsked(undefined)} />}
        {asked === 'delete' && open !== undefined && (
          <DeleteView
            project={project}
            view={open}
            onDeleted={() => onOpen({ ...search, view: undefined })}
            onClose={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

function copyLink(project: string, view: RunViewWire): void {
  const address = new URL(`/${encodeURIComponent(project)}/runs?view=${view.id}`, location.href);
  void navigator.clipboard.writeText(address.href).then(
    () => notify('ok', 'Link copied', view.shared ? undefined : 'The view is private: share it before others open the link.'),
    () => notify('warning', 'The browser did not allow copying', address.href),
  );
}
