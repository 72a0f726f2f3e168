import type { TraceWire } from '#tracking/traces/wire.ts';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { notify } from '../ui/toast-notes.ts';

const AssessTrace = lazy(() => import('./trace-dialogs.tsx').then((module) => ({ default: module.AssessTrace })));
const DeleteTrace = lazy(() => import('./trace-dialogs.tsx').then((module) => ({ default: module.DeleteTrace })));

/** What can be done with one trace. `span`: the one whose details are open. */
export function TraceMenu({ trace, span }: { readonly trace: TraceWire; readonly span: string | undefined }) {
  const [asked, setAsked] = useState<'assess' | 'delete'>();
  const navigate = useNavigate();
  const close = () => setAsked(undefined);
  const copy = () =>
    void navigator.clipboard.writeText(trace.id).then(
      () => notify('ok', 'Id copied'),
      () => notify('warning', 'The browser did not allow copying', trace.id),
    );
  return (
    <>
      <Button onClick={() => setAsked('assess')}>Assess…</Button>
      <MenuButton
        align="end"
        trigger={<IconButton label="More" icon={<Ellipsis size={16} aria-hidden />} />}
        groups={[
          [{ id: 'copy', label: 'Copy id', onSelect: copy }],
          [{ id: 'delete', label: 'Delete…', danger: true, onSelect: () => setAsked('delete') }],
        ]}
      />
      <Suspense>
        {asked === 'assess' && <AssessTrace trace={trace} span={span} onClose={close} />}
        {asked === 'delete' && (
          <DeleteTrace
            trace={trace}
            onClose={close}
            onDone={() => void navigate({ to: '/$project/traces', params: { project: trace.project } })}
          />
        )}
      </Suspense>
    </>
  );
}
