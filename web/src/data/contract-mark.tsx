import { StateMark } from '../ui/state-mark.tsx';

interface ContractMarkProps {
  readonly contract: { readonly passed: boolean } | undefined;
  /** Where no column head says that it is about the contract. */
  readonly alone?: boolean;
}

/** Whether a load kept its contract. A published snapshot without a contract was not tested. */
export function ContractMark({ contract, alone = false }: ContractMarkProps) {
  const subject = alone ? 'contract ' : '';
  if (contract === undefined) return <StateMark state="unknown" word="not tested" />;
  return contract.passed ? <StateMark state="ok" word={`${subject}kept`} /> : <StateMark state="failed" word={`${subject}broken`} />;
}
