import { shellWord } from '../pipelines/commands.ts';

/** The commands that do what the buttons of these pages do. */

export const windowsCommand = (project: string, deployment: string) =>
  `ripen monitor windows ${shellWord(deployment)} --project ${project}`;

export const windowCommand = (project: string, deployment: string, start: number) =>
  `ripen monitor window ${shellWord(deployment)} ${new Date(start).toISOString()} --project ${project}`;

export const labelCommand = (project: string, deployment: string) =>
  `ripen monitor label ${shellWord(deployment)} --file labels.csv --project ${project}`;

export const acknowledgeCommand = (project: string, alert: string, note: string) =>
  `ripen alerts ack ${alert}${note === '' ? '' : ` --note ${shellWord(note)}`} --project ${project}`;

export const silenceCommand = (project: string, rule: string, time: string, reason: string) =>
  `ripen alerts silence ${shellWord(rule)} --for ${time} --reason ${shellWord(reason || 'why')} --project ${project}`;
