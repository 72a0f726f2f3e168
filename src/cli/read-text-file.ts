import { readFile } from 'node:fs/promises';
import { cliErrors } from './errors.ts';

/** A file that somebody named. @throws `cli.file-unreadable` */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw cliErrors['file-unreadable']({ file, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}
