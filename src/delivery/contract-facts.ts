import type { Data, RegisteredVersion } from './collaborators.ts';
import type { ContractFacts } from './gates/gate-facts.ts';

/**
 * How the contracts went of all loads that the training snapshots are made of, one entry a dataset. A load that no contract was checked
 * for gives an entry of its own without rules, which refuses.
 */
export async function contractFacts(data: Data, project: string, { snapshots }: RegisteredVersion): Promise<ContractFacts[]> {
  const facts = await Promise.all(snapshots.map(({ dataset, snapshot }) => factsOf(data, { project, dataset, snapshot })));
  return facts.flat();
}

async function factsOf(
  data: Data,
  { project, dataset, snapshot }: { project: string; dataset: string; snapshot: number },
): Promise<ContractFacts[]> {
  const unchecked: ContractFacts[] = [];
  let rules = 0;
  let failed = 0;
  let number: number | undefined = snapshot;
  while (number !== undefined) {
    const load = await data.snapshot(project, dataset, number);
    if (load.contract === undefined || load.contract.rules.length === 0) {
      unchecked.push({ contract: `${dataset}@${number}`, rules: 0, failed: 0 });
    } else {
      rules += load.contract.rules.length;
      failed += load.contract.rules.filter((rule) => !rule.passed).length;
    }
    // A snapshot that replaced its parent holds none of its rows.
    number = load.mode === 'append' ? load.parent : undefined;
  }
  return rules === 0 ? unchecked : [{ contract: dataset, rules, failed }, ...unchecked];
}
