import { getRouteApi } from '@tanstack/react-router';
import { History } from 'lucide-react';
import type { AssessmentSummaryWire, AssessmentWire } from '#maturity/wire.ts';
import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { formatCount, formatDate, formatExact } from '../ui/format.ts';
import { Digest } from '../ui/values.tsx';
import styles from './ladder.module.css';

const MomentChoice = lazy(() => import('./moment-choice.tsx').then((module) => ({ default: module.MomentChoice })));

const route = getRouteApi('/$project/ladder');

/** Chooses the moment that the ladder is of: a day, an event, or a recorded assessment. */
export function TimeTravel({ project, history }: { readonly project: string; readonly history: readonly AssessmentSummaryWire[] }) {
  const search = route.useSearch();
  const at = search.at === undefined ? undefined : String(search.at);
  const navigate = route.useNavigate();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const go = (next: string | undefined) =>
    void navigate({
      search: (old) => ({ ...old, at: next !== undefined && /^\d+$/.test(next) ? Number(next) : next }),
      resetScroll: false,
    });
  return (
    <>
      {at !== undefined && (
        <Button look="plain" onClick={() => go(undefined)}>
          Back to now
        </Button>
      )}
      <Button
        ref={button}
        icon={<History size={14} aria-hidden />}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        {at === undefined ? 'As of now' : `As of ${momentWords(at)}`}
      </Button>
      <Suspense>
        {open && (
          <MomentChoice
            project={project}
            at={at}
            history={history}
            anchor={button}
            onGo={(next) => {
              setOpen(false);
              go(next);
            }}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Says that the ladder is not of today, and what it rests on. */
export function PastNote({ assessment }: { readonly assessment: AssessmentWire }) {
  return (
    <p className={styles['past']}>
      <History size={14} aria-hidden />
      <span>
        As of {formatExact(assessment.at)}, computed from the first {formatCount(assessment.upTo)} events. Evidence root
      </span>
      <Digest digest={assessment.evidenceRoot} />
    </p>
  );
}

function momentWords(at: string): string {
  if (/^\d+$/.test(at)) return `event ${formatCount(Number(at))}`;
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : formatDate(time);
}
