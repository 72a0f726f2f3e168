import {
  Activity,
  Boxes,
  ChartNoAxesGantt,
  ChartSpline,
  Database,
  ListTree,
  Rocket,
  ScrollText,
  Sprout,
  type LucideIcon,
} from 'lucide-react';

/** A room of a project, in the order of the path that data walks. */
export interface Room {
  readonly id: 'ladder' | 'data' | 'pipelines' | 'runs' | 'traces' | 'models' | 'deployments' | 'monitoring' | 'events';
  readonly title: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
  readonly command: (project: string) => string;
}

export const rooms: readonly Room[] = [
  { id: 'ladder', title: 'Ladder', icon: Sprout, key: 'l', command: (project) => `ripen assess --project ${project}` },
  { id: 'data', title: 'Data', icon: Database, key: 'd', command: (project) => `ripen data list --project ${project}` },
  { id: 'pipelines', title: 'Pipelines', icon: ListTree, key: 'p', command: (project) => `ripen pipeline runs --project ${project}` },
  { id: 'runs', title: 'Runs', icon: ChartSpline, key: 'r', command: (project) => `ripen runs list --project ${project}` },
  { id: 'traces', title: 'Traces', icon: ChartNoAxesGantt, key: 't', command: (project) => `ripen traces list --project ${project}` },
  { id: 'models', title: 'Models', icon: Boxes, key: 'm', command: (project) => `ripen models list --project ${project}` },
  { id: 'deployments', title: 'Deployments', icon: Rocket, key: 's', command: (project) => `ripen deploy status --project ${project}` },
  { id: 'monitoring', title: 'Monitoring', icon: Activity, key: 'o', command: (project) => `ripen monitor list --project ${project}` },
  { id: 'events', title: 'Events', icon: ScrollText, key: 'e', command: (project) => `ripen events list --project ${project}` },
];

/** Address of a room; the router's table has the same shape. */
export function roomAddress(project: string, room: Room['id']): string {
  return `/${encodeURIComponent(project)}/${room}`;
}
