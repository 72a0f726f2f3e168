import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import styles from './frame.module.css';
import { rooms } from './rooms.ts';

/** The rooms of the project in the order of the path; along the bottom on a narrow screen. */
export function Rail({ project }: { readonly project: string }) {
  const list = useRef<HTMLUListElement>(null);
  const page = useRouterState({ select: (state) => state.location.pathname });
  // On a narrow screen the rooms do not all fit; the current one must be in sight.
  useEffect(() => {
    // Newer browsers return a promise from it, which React would take for what undoes the effect.
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [page]);
  return (
    <nav className={styles['rail']} aria-label="Rooms">
      <ul ref={list} className={styles['rooms']}>
        {rooms.map(({ id, title, icon: Icon }) => (
          <li key={id}>
            <Link to={`/$project/${id}`} params={{ project }} className={styles['room']} activeProps={{ className: styles['here'] ?? '' }}>
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <span>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
