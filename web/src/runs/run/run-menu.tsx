import type { RunWire } from '#tracking/wire.ts';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import { notify } from '../../ui/toast-notes.ts';

const DeleteRuns = lazy(() => import('../table/bulk-dialogs.tsx').then((module) => ({ default: module.DeleteRuns })));
const RenameRun = lazy(() => import('./rename-run.tsx').then((module) => ({ default: module.RenameRun })));

/** What can be done with one run. */
export function RunMenu({ run }: { readonly run: RunWire }) {
  const [asked, setAsked] = useState<'rename' | 'delete'>();
  const deleted = run.deletedAt !== undefined;
  const copy = () =>
    void navigator.clipboard.writeText(run.id).then(
      () => notify('ok', 'Id copied'),
      () => notify('warning', 'The browser did not allow copying', run.id),
    );
  const close = () => setAsked(undefined);
  return (
    <>
      <MenuButton
        align="end"
        trigger={<IconButton label="More" icon={<Ellipsis size={16} aria-hidden />} />}
        groups={[
          [
            { id: 'copy', label: 'Copy id', onSelect: copy },
            { id: 'rename', label: 'Rename…', disabled: deleted, onSelect: () => setAsked('rename') },
          ],
          [{ id: 'delete', label: deleted ? 'Restore…' : 'Delete…', danger: !deleted, onSelect: () => setAsked('delete') }],
        ]}
      />
      <Suspense>
        {asked === 'delete' && <DeleteRuns project={run.project} runs={[run.id]} restore={deleted} onDone={close} onClose={close} />}
        {asked === 'rename' && <RenameRun run={run} onClose={close} />}
      </Suspense>
    </>
  );
}
