/** The commands that do what the buttons of these pages do. */

/** A word as a POSIX shell reads it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function runCommand(project: string, pipeline: string, parameters: Readonly<Record<string, unknown>>, fresh: boolean): string {
  const set = Object.entries(parameters).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ` --set ${shellWord(`${name}=${text}`)}`;
  });
  return `ripen pipeline run ${shellWord(pipeline)} --project ${project}${set.join('')}${fresh ? ' --fresh' : ''}`;
}

export const cancelCommand = (project: string, run: string) => `ripen pipeline cancel ${run} --project ${project}`;
export const retryCommand = (project: string, run: string) => `ripen pipeline retry ${run} --project ${project}`;
export const showCommand = (project: string, run: string) => `ripen pipeline show ${run} --project ${project}`;
export const logCommand = (project: string, run: string, step: string) =>
  `ripen pipeline logs ${run} ${shellWord(step)} --project ${project}`;
export const explainCommand = (project: string, run: string) => `ripen pipeline explain ${run} --project ${project}`;
