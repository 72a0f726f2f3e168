import { getRouteApi } from '@tanstack/react-router';
import type { AssessmentWire, StageResultWire } from '#maturity/wire.ts';
import { StageBar } from '../charts/stage-bar.tsx';
import { formatCount } from '../ui/format.ts';
import type { StageNumber } from '../ui/stage-mark.tsx';
import styles from './ladder.module.css';

const route = getRouteApi('/$project/ladder');

/** The four stages; a press shows only the criteria of that stage. */
export function StageBars({ assessment }: { readonly assessment: AssessmentWire }) {
  const { stage: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const next = assessment.stages.findIndex((stage) => !stage.reached);
  return (
    <div className={styles['stages']} role="group" aria-label="Stages">
      {assessment.stages.map((result, index) => (
        <button
          key={result.stage}
          type="button"
          className={styles['stage']}
          aria-pressed={chosen === result.stage}
          onClick={() =>
            void navigate({
              search: (old) => ({ ...old, stage: chosen === result.stage ? undefined : result.stage }),
              replace: true,
              resetScroll: false,
            })
          }
        >
          {/* The stages come in their order, the lowest first. */}
          <StageBar
            stage={(index + 1) as StageNumber}
            met={result.passed}
            total={result.total}
            standing={result.reached ? 'reached' : index === next ? 'next' : 'later'}
          />
          <span className={styles['stageNotes']}>{notesOf(result).join(' · ')}</span>
        </button>
      ))}
    </div>
  );
}

function notesOf({ missingMusts, noData, notMeasurable, volume, reached, mustFailingSince }: StageResultWire): readonly string[] {
  const notes: string[] = [];
  if (reached && mustFailingSince !== null) notes.push('a must fails: the stage is at risk');
  if (missingMusts.length > 0) notes.push(`${missingMusts.length} must${missingMusts.length === 1 ? '' : 's'} missing`);
  if (noData > 0) notes.push(`${noData} without data`);
  if (notMeasurable > 0) notes.push(`${notMeasurable} not yet measurable`);
  for (const { text, observed, needed } of volume)
    if (observed < needed) notes.push(`${formatCount(observed)} of ${formatCount(needed)} ${text}`);
  return notes;
}
