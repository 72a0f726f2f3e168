import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder below the home for files that live as long as one operation; `clear` removes what a killed server left. `name` is the user's alone. */
export function createWorkDirectory(home: string, name: string) {
  const root = join(home, name);
  return {
    clear: (): Promise<void> => rm(root, { recursive: true, force: true }),
    /** Gives `use` an empty directory of its own and removes it afterwards, whatever happens. */
    async within<Result>(use: (directory: string) => Promise<Result>): Promise<Result> {
      const directory = join(root, randomUUID());
      await mkdir(directory, { recursive: true });
      try {
        return await use(directory);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

export type WorkDirectory = ReturnType<typeof createWorkDirectory>;
