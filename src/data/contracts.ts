import type { Digest } from '#kernel/objects/index.ts';
import { isDigest } from '#kernel/objects/index.ts';
import { parseContract } from './contract/parse-contract.ts';
import type { DataDeps } from './deps.ts';
import { dataErrors } from './errors.ts';
import { listSnapshots } from './snapshot-store.ts';

const lookedAt = 20;

/** Contract texts, each under its digest. */
export function createContracts({ kernel: { events, objects } }: DataDeps) {
  const read = async (digest: Digest): Promise<string> => {
    if (!(await objects.has(digest))) throw dataErrors['contract-not-found']({ contract: digest });
    return (await objects.read(digest)).toString('utf8');
  };

  return {
    read,

    /** Keeps a contract for loads to come. Throws `data.contract-invalid`. */
    async put(text: string, name: string): Promise<Digest> {
      parseContract(text, name);
      return (await objects.put(text)).digest;
    },

    /** The contract that an upload names: a digest, `latest` (of the newest snapshot that was checked) or `none`. */
    async choose(project: string, dataset: string, choice: string): Promise<{ text: string; name: string } | undefined> {
      if (choice === 'none') return undefined;
      if (choice !== 'latest') {
        if (!isDigest(choice)) throw dataErrors['contract-not-found']({ contract: choice });
        return { text: await read(choice), name: choice.slice(0, 'sha256:'.length + 12) };
      }
      const recent = await listSnapshots(events.database, { project, dataset }, { limit: lookedAt });
      const contract = recent.find((snapshot) => snapshot.contract !== undefined)?.contract;
      return contract && { text: await read(contract.digest), name: `the contract of "${dataset}"` };
    },
  };
}
