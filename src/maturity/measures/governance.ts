/** Four eyes and the audit log. */
import { get, rows } from '../facts/table.ts';
import type { Release } from '../facts/releases.ts';
import { dayMilliseconds, sum } from '../facts/tally.ts';
import type { Facts } from '../facts.ts';
import type { Measure } from '../model.ts';
import { describe, productionReleases } from './production.ts';
import { measured, noData, shareOf } from './share.ts';

/** Approvals by people who neither asked for the release nor trained the model. */
function otherEyes(facts: Facts, release: Release | undefined): readonly { approver: string; number: number }[] {
  if (release === undefined) return [];
  const trainer = get(facts.models.versions, release.model, release.version)?.trainer;
  return release.approvals.filter(({ approver }) => approver !== release.author && approver !== trainer);
}

const approvalsNeeded = (risk: string | undefined): number => (risk === undefined || /^(low|minimal|none)$/i.test(risk) ? 1 : 2);

export const fourEyes: Measure = (facts, view) => {
  const people = rows(facts.people.people).length;
  const alone = people < 2 ? ': it takes a second person, and one person alone works in this project' : '';
  return shareOf(
    productionReleases(facts, view).map((deploy) => {
      const release = deploy.release === undefined ? undefined : get(facts.releases.releases, deploy.release);
      const approvals = otherEyes(facts, release);
      return {
        name: describe(deploy),
        met: approvals.length >= approvalsNeeded(release?.risk),
        events: [...approvals.map((approval) => approval.number), deploy.number],
      };
    }),
    {
      one: 'production release',
      many: 'production releases',
      none: 'no model was released to production in this time',
      has: `was approved by somebody who neither asked for it nor trained the model${alone}`,
      have: `were approved by somebody who neither asked for them nor trained the model${alone}`,
    },
  );
};

const daysKept = 183;
const verifyEveryDays = 2;

/** Every check of the log's tree succeeded, the newest is recent, and the log reaches back half a year. */
export const auditWhole: Measure = (facts, view) => {
  const { audits, lastAudit, first } = facts.organisation;
  const total = sum(audits, view.since);
  if (total.all === 0 || lastAudit === undefined || first === undefined) return noData('the event log has not been verified in this time');
  const age = Math.floor((view.at - first.time) / dayMilliseconds);
  const lastDays = (view.at - lastAudit.time) / dayMilliseconds;
  return measured({
    value: total.met / total.all,
    numerator: total.met,
    denominator: total.all,
    explanation: `${total.met} of ${total.all} verifications found the event log whole`,
    evidence: total.metEvents,
    counterEvidence: total.missedEvents,
    conditions: [
      {
        met: age >= daysKept,
        score: Math.min(1, Math.max(0, age / daysKept)),
        text: `the log reaches back ${Math.max(0, age)} of ${daysKept} days`,
      },
      {
        met: lastDays <= verifyEveryDays,
        score: lastDays <= verifyEveryDays ? 1 : 0.5,
        text: `the newest verification is ${Math.floor(lastDays)} days old`,
      },
    ],
  });
};
