import type { ConsistencyProofWire, EventPageWire, InclusionProofWire } from '#governance/wire.ts';
import type { AssessmentWire, VerificationWire } from '#maturity/wire.ts';
import { get, pathOf, post } from '../api/client.ts';
import { canHash, continues, hashLeaf, includes } from '../events/merkle.ts';
import { formatCount } from '../ui/format.ts';

/** One thing that was checked, as a sentence that is true when `ok`. */
export interface ProofLine {
  readonly ok: boolean;
  readonly text: string;
  readonly root?: string;
  readonly event?: number;
}

/** Records the ladder of now, lets the server compute it again from the events, and checks its event in the log here. */
export async function proveNow(project: string): Promise<readonly ProofLine[]> {
  const recorded = await post<AssessmentWire & { readonly id: string }>(pathOf`/projects/${project}/assessments`);
  const verification = await get<VerificationWire>(pathOf`/projects/${project}/assessments/${recorded.id}/verification`);
  const lines: ProofLine[] = [
    {
      ok: verification.ok,
      text: verification.ok
        ? `Recorded, and computed again from ${formatCount(recorded.upTo)} events with the same evidence root`
        : 'Computed again from the same events, the evidence root is another one',
      root: verification.recordedRoot,
    },
  ];
  const subject = `projects/${project}/assessments/${recorded.id}`;
  const { items } = await get<EventPageWire>('/events', { project, subject, type: 'assessment.computed', limit: 1 });
  const number = items[0]?.number;
  if (number === undefined) return [...lines, { ok: false, text: 'The log has no event of this assessment' }];
  return [...lines, await proveEvent(number, recorded.evidenceRoot)];
}

async function proveEvent(number: number, root: string): Promise<ProofLine> {
  const proof = await get<InclusionProofWire>(pathOf`/events/${number}/proof`);
  const states = proof.event.data['evidenceRoot'] === root;
  if (!canHash())
    return {
      ok: states,
      text: `The root stands in the log (this page cannot hash: open it on this computer or over https)`,
      event: number,
    };
  const ok = states && (await hashLeaf(proof.event)) === proof.leaf && (await includes(proof));
  return {
    ok,
    text: ok
      ? `The root stands in the log; its place was checked in this browser against the root of ${formatCount(proof.size)} events`
      : 'The event that records the root does not match the root of the log',
    root: proof.root,
    event: number,
  };
}

/** Computes a past ladder again and proves that the log of then is the beginning of the log of now. */
export async function provePast(project: string, at: string, shown: AssessmentWire): Promise<readonly ProofLine[]> {
  const again = await get<AssessmentWire>(pathOf`/projects/${project}/assessment`, { at });
  const same = again.evidenceRoot === shown.evidenceRoot;
  const proof = await get<ConsistencyProofWire>('/events/consistency', { size: shown.upTo });
  const log = `the first ${formatCount(shown.upTo)} of today's ${formatCount(proof.newSize)} events`;
  const ok = canHash() && (await continues(proof));
  return [
    {
      ok: same,
      text: same
        ? 'Computed again from the events up to then, with the same evidence root'
        : 'Computed again, the evidence root is another one',
      root: again.evidenceRoot,
    },
    {
      ok: ok || !canHash(),
      text: ok
        ? `The log of then is ${log}; checked in this browser`
        : canHash()
          ? `The log of then is not ${log}: it was changed since`
          : `The log of then is said to be ${log} (this page cannot hash: open it on this computer or over https)`,
      root: proof.root,
    },
  ];
}
