import { Popover } from '@base-ui/react/popover';
import type { AssessmentSummaryWire } from '#maturity/wire.ts';
import { type FormEvent, type RefObject, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { formatCount } from '../ui/format.ts';
import { Link } from '../ui/link.tsx';
import popupStyles from '../ui/popup.module.css';
import { TextField } from '../ui/text-field.tsx';
import { RelativeTime } from '../ui/values.tsx';
import styles from './ladder.module.css';

const recordedShown = 8;

interface MomentChoiceProps {
  readonly project: string;
  readonly at: string | undefined;
  readonly history: readonly AssessmentSummaryWire[];
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly onGo: (at: string | undefined) => void;
  readonly onClose: () => void;
}

/** Where a moment is chosen. Read when it is first opened. */
export function MomentChoice({ project, at, history, anchor, onGo, onClose }: MomentChoiceProps) {
  return (
    <Popover.Root open onOpenChange={onClose}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} align="end" sideOffset={4} collisionPadding={8} className={popupStyles['layer']}>
          <Popover.Popup aria-label="As of" finalFocus={anchor} className={classNames(popupStyles['popup'], popupStyles['padded'])}>
            <div className={styles['travel']}>
              <Moments key={at} at={at} onGo={onGo} />
              {history.length > 0 && (
                <div>
                  <h3 className={styles['nextLabel']}>Recorded assessments</h3>
                  <ul className={styles['recorded']}>
                    {history.slice(0, recordedShown).map((one) => (
                      <li key={one.id}>
                        <Link to="/$project/ladder" params={{ project }} search={(old) => ({ ...old, at: one.upTo })} resetScroll={false}>
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
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
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
