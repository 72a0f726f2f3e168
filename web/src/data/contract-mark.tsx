import { StateMark } from '../ui/state-mark.tsx';

/** Whether a load kept its contract. A published snapshot without a contract was not tested. */
export function ContractMark({ contract }: { readonly contract: { readonly passed: boolean } | undefined }) {
  if (contract === undefined) return <StateMark state="unknown" word="not tested" />;
  return contract.passed ? <StateMark state="ok" word="kept" /> : <StateMark state="failed" word="broken" />;
}
