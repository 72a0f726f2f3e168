import { getRouteApi } from '@tanstack/react-router';
import type { AssessmentWire, CriterionResultWire } from '#maturity/wire.ts';
import { CommandLine } from '../ui/command-line.tsx';
import { formatShare } from '../ui/format.ts';
import { Button } from '../ui/button.tsx';
import { StepLink } from './step-link.tsx';
import styles from './ladder.module.css';

const route = getRouteApi('/$project/ladder');
const namesShown = 4;

/** What brings the project furthest now: the step, why, and the way to take it. */
export function NextStep({ project, assessment }: { readonly project: string; readonly assessment: AssessmentWire }) {
  const navigate = route.useNavigate();
  const byId = new Map(assessment.criteria.map((result) => [result.criterion.id, result]));
  const steps = assessment.nextSteps.flatMap(({ criterion, gain }) => {
    const result = byId.get(criterion);
    return result === undefined ? [] : [{ result, gain }];
  });
  const [best, ...others] = steps;
  const open = (criterion: string) =>
    void navigate({ search: (old) => ({ ...old, criterion, stage: undefined, status: undefined, find: undefined }), resetScroll: false });
  if (best === undefined)
    return (
      <section className={styles['next']} aria-label="Next best step">
        <p>
          <strong>Every criterion that can be measured is met.</strong> Keep the evidence flowing: a stage falls back when its musts fail.
        </p>
      </section>
    );
  const { criterion, explanation, missing } = best.result;
  return (
    <section className={styles['next']} aria-label="Next best step">
      <h2 className={styles['nextLabel']}>Next best step</h2>
      <div className={styles['nextBody']}>
        <p className={styles['nextTitle']}>
          <strong>{criterion.nextStep.text}</strong>
        </p>
        <p>
          <button type="button" className={styles['plainLink']} onClick={() => open(criterion.id)}>
            {criterion.id}
          </button>{' '}
          {criterion.title} <span className={styles['muted']}>({wordsOf(best.result, best.gain)})</span>
        </p>
        <p className={styles['muted']}>
          {explanation}
          {missing.length > 0 && ` Missing: ${missingText(missing)}.`}
        </p>
        <div className={styles['nextActions']}>
          <StepLink project={project} page={criterion.nextStep.page} />
          {criterion.nextStep.command !== null && <CommandLine command={criterion.nextStep.command} />}
        </div>
      </div>
      {others.length > 0 && (
        <div className={styles['then']}>
          <h3 className={styles['nextLabel']}>Then</h3>
          <ul>
            {others.map(({ result }) => (
              <li key={result.criterion.id}>
                <Button look="plain" onClick={() => open(result.criterion.id)}>
                  <span className={styles['thenText']}>{result.criterion.nextStep.text}</span>
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function wordsOf({ criterion }: CriterionResultWire, gain: number): string {
  const stage = criterion.stage[0]?.toUpperCase() + criterion.stage.slice(1);
  return [
    criterion.must ? 'must' : undefined,
    stage,
    `weight ${criterion.weight}`,
    gain > 0 ? `brings ${formatShare(gain)} of the stage` : undefined,
  ]
    .filter((word) => word !== undefined)
    .join(', ');
}

function missingText(names: readonly string[]): string {
  const shown = names.slice(-namesShown).join(', ');
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}
