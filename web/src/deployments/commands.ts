import { shellWord } from '../pipelines/commands.ts';
import type { Environment, RolloutAction } from './deployments-api.ts';

/** The commands that do what the buttons of these pages do. */

export const releaseCommand = (project: string, deployment: string, version: string, reason: string) =>
  `ripen deploy ${shellWord(deployment)} --version ${version || 'N'} --reason ${shellWord(reason || 'why')} --project ${project}`;

export const rollbackCommand = (project: string, deployment: string, environment: Environment, reason: string) =>
  `ripen rollback ${shellWord(deployment)} --environment ${environment} --reason ${shellWord(reason || 'why')} --project ${project}`;

export const rolloutCommand = (
  project: string,
  { deployment, environment }: { deployment: string; environment: Environment },
  action: RolloutAction,
) => `ripen deploy ${action} ${shellWord(deployment)} --environment ${environment} --project ${project}`;

export const approveCommand = (project: string, release: number) => `ripen deploy approve ${release} --project ${project}`;
export const cancelReleaseCommand = (project: string, release: number, reason: string) =>
  `ripen deploy cancel ${release} --reason ${shellWord(reason || 'why')} --project ${project}`;
