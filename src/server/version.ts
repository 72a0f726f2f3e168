import { readFileSync } from 'node:fs';

/** Folder of the installed Ripen: where package.json, web and templates lie. */
export const installation: string = new URL('../..', import.meta.url).pathname;

export const version: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
  .version;
