import { Link } from '@tanstack/react-router';
import buttonStyles from '../ui/button.module.css';
import { classNames } from '../ui/class-names.ts';

const roomNames: Readonly<Record<string, string>> = {
  ladder: 'Ladder',
  data: 'Data',
  pipelines: 'Pipelines',
  runs: 'Runs',
  models: 'Models',
  deployments: 'Deployments',
  releases: 'Releases',
  monitoring: 'Monitoring',
  events: 'Events',
};

/** Leads to where a step is taken; nothing when that is this page. `page`: /flights/data, from the server. */
export function StepLink({ project, page }: { readonly project: string; readonly page: string | null }) {
  if (page === null) return null;
  const place = page.slice(`/${project}/`.length).split('/', 1)[0] ?? '';
  const name = page === '/' ? 'Projects' : roomNames[place];
  if (name === undefined || place === 'ladder') return null;
  const to = page === '/' ? '/?all=true' : page;
  return (
    <Link to={to} className={classNames(buttonStyles['button'], buttonStyles['primary'])}>
      Open {name}
    </Link>
  );
}
