import type { AssessmentWire } from '#maturity/wire.ts';
import { needsTwoPeople } from './criterion-words.ts';
import styles from './ladder.module.css';

/** A project of one person is told what one person cannot show, and that it is no fault of theirs. */
export function OnePerson({ assessment }: { readonly assessment: AssessmentWire }) {
  const ids = needsTwoPeople(assessment);
  if (ids.length === 0) return null;
  return (
    <p className={styles['honest']}>
      One person works here. {ids.length === 1 ? `${ids[0] ?? ''} takes` : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)} take`} two
      people at work, so one person alone cannot meet {ids.length === 1 ? 'it' : 'them'}; Ripen does not count a second name without work of
      its own.
    </p>
  );
}
