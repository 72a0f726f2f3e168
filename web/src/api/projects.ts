import type { ProjectWire } from '#identity/wire.ts';
import { apiQuery } from './queries.ts';

export const projectsQuery = apiQuery<{ readonly items: readonly ProjectWire[] }>('projects', '/projects');
