import { getRouteApi } from '@tanstack/react-router';
import { History } from 'lucide-react';
import type { AssessmentSummaryWire, AssessmentWire } from '#maturity/wire.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { formatCount, formatDate, formatExact } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import { PopoverSurface } from '../ui/popover.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Digest, RelativeTime } from '../ui/values.tsx';
import styles from './ladder.module.css';

const route = getRouteApi('/$project/ladder');
const recordedShown = 8;

/** Chooses the moment that the ladder is of: a day, an event, or a recorded assessment. */
export function TimeTravel({ project, history }: { readonly project: string; readonly history: readonly AssessmentSummaryWire[] }) {
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const go = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, at: next }), resetScroll: false });
  return (
    <>
      {at !== undefined && (
        <Button look="plain" onClick={() => go(undefined)}>
          Back to now
        </Button>
      )}
      <PopoverSurface
        label="As of"
        align="end"
        trigger={<Button icon={<History size={14} aria-hidden />}>{at === undefined ? 'As of now' : `As of ${momentWords(at)}`}</Button>}
      >
        <div className={styles['travel']}>
          <Moments key={at} at={at} onGo={go} />
          {history.length > 0 && (
            <div>
              <h3 className={styles['nextLabel']}>Recorded assessments</h3>
              <ul className={styles['recorded']}>
                {history.slice(0, recordedShown).map((one) => (
                  <li key={one.id}>
                    <Link
                      to="/$project/ladder"
                      params={{ project }}
                      search={(old) => ({ ...old, at: String(one.upTo) })}
                      resetScroll={false}
                    >
                      event {formatCount(one.upTo)}
                    </Link>
                    <span className={styles['muted']}>
                      {one.stages.map(({ passed }) => passed).join(' · ')} met, <RelativeTime time={one.at} />
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </div>
      </PopoverSurface>
    </>
  );
}

function Moments({ at, onGo }: { readonly at: string | undefined; readonly onGo: (at: string | undefined) => void }) {
  const isDay = at?.includes('-') ?? false;
  const [day, setDay] = useState(isDay ? (at ?? '') : '');
  const [number, setNumber] = useState(isDay ? '' : (at ?? ''));
  const wrong = number !== '' && !/^[1-9]\d*$/.test(number) ? 'An event number, such as 120.' : undefined;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (number !== '' && wrong === undefined) onGo(number);
    else if (day !== '') onGo(day);
  }
  return (
    <form className={styles['moments']} onSubmit={submit}>
      <TextField
        label="End of day"
        type="date"
        value={day}
        max={new Date().toLocaleDateString('sv-SE')}
        onChange={(next) => {
          setDay(next);
          setNumber('');
        }}
      />
      <TextField
        label="or event number"
        inputMode="numeric"
        value={number}
        error={wrong}
        onChange={(next) => {
          setNumber(next.trim());
          setDay('');
        }}
      />
      <Button type="submit" look="primary" disabled={(day === '' && number === '') || wrong !== undefined}>
        Show
      </Button>
    </form>
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
