import { Link } from '@tanstack/react-router';
import styles from './frame.module.css';
import { rooms } from './rooms.ts';

/** The rooms of the project in the order of the path; along the bottom on a narrow screen. */
export function Rail({ project }: { readonly project: string }) {
  return (
    <nav className={styles['rail']} aria-label="Rooms">
      <ul className={styles['rooms']}>
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
