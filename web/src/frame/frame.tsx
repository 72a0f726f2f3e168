import { Outlet, Link, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { Keyboard, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../api/use-live.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import styles from './frame.module.css';
import { LiveMark } from './live-mark.tsx';
import { type PaletteItem, usePaletteItems } from './palette-items.ts';
import { ProjectSwitcher } from './project-switcher.tsx';
import { Rail } from './rail.tsx';
import { roomAddress, rooms } from './rooms.ts';
import { useShortcuts } from './use-shortcuts.ts';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx').then((module) => ({ default: module.ShortcutsDialog })));

/** What stays while pages change: the bar, the rail, the palette, the keys. */
export function Frame() {
  const { project } = useParams({ strict: false });
  const navigate = useNavigate();
  const live = useLive(project);
  const [open, setOpen] = useState<'palette' | 'projects' | 'help'>();
  const main = useMain();

  useShortcuts((meaning) => {
    if (meaning.kind !== 'room') return setOpen(meaning.kind);
    const room = rooms.find(({ key }) => key === meaning.key);
    if (room !== undefined && project !== undefined) void navigate({ to: roomAddress(project, room.id) });
  });
  usePaletteItems(useMemo(() => roomItems(project, (to) => void navigate({ to })), [project, navigate]));

  return (
    <div className={project === undefined ? styles['frameWide'] : styles['frame']}>
      <a className={styles['skip']} href="#main">
        Skip to content
      </a>
      <header className={styles['bar']}>
        <Link to="/" search={{ all: true }} className={styles['brand']} aria-label="Ripen: all projects">
          <img src="/icon.svg" width={20} height={20} alt="" />
          <span>Ripen</span>
        </Link>
        <span className={styles['slash']} aria-hidden>
          /
        </span>
        <ProjectSwitcher project={project} onOpen={() => setOpen('projects')} />
        <div className={styles['barEnd']}>
          <LiveMark live={live} />
          <Button className={styles['search']} icon={<Search size={14} aria-hidden />} onClick={() => setOpen('palette')}>
            <span className={styles['searchText']}>Search and commands</span>
            <kbd aria-hidden>Ctrl K</kbd>
          </Button>
          <IconButton
            label="Keys"
            className={styles['wideOnly']}
            icon={<Keyboard size={16} aria-hidden />}
            onClick={() => setOpen('help')}
          />
          <ThemeSwitch />
        </div>
      </header>
      {project !== undefined && <Rail project={project} />}
      <main id="main" data-scroll-restoration-id="main" ref={main} className={styles['main']} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {(open === 'palette' || open === 'projects') && (
          <Palette open only={open === 'projects' ? 'Projects' : undefined} onOpenChange={() => setOpen(undefined)} />
        )}
        {open === 'help' && <ShortcutsDialog open onOpenChange={() => setOpen(undefined)} />}
      </Suspense>
    </div>
  );
}

/** Moves the focus to the content when the page changes, so that a screen reader starts to read there. */
function useMain() {
  const main = useRef<HTMLElement>(null);
  const page = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (shown.current !== undefined && page !== shown.current && !main.current?.contains(document.activeElement))
      main.current?.focus({ preventScroll: true });
    shown.current = page;
  }, [page]);
  return main;
}

function roomItems(project: string | undefined, go: (to: string) => void): readonly PaletteItem[] {
  const all: PaletteItem = { id: 'go-projects', group: 'Projects', label: 'All projects', onSelect: () => go('/?all=true') };
  if (project === undefined) return [all];
  const items = rooms.map<PaletteItem>((room) => ({
    id: `go-${room.id}`,
    group: 'Go to',
    label: room.title,
    keys: `g ${room.key}`,
    command: room.command(project),
    onSelect: () => go(roomAddress(project, room.id)),
  }));
  return [...items, all];
}
