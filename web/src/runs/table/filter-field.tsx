import { useQuery } from '@tanstack/react-query';
import { CircleHelp } from 'lucide-react';
import { type KeyboardEvent, type Ref, useDeferredValue, useEffect, useId, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { IconButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { type RunFields, runValuesQuery } from '../runs-api.ts';
import styles from '../runs.module.css';
import { askedValues, complete, type Completion, completionsFor, placeAt } from './filter-completion.ts';

interface FilterFieldProps {
  readonly project: string;
  readonly fields: RunFields;
  readonly value: string;
  readonly onApply: (filter: string) => void;
  /** What the server said to the filter as it was applied. */
  readonly error: Error | null;
  readonly focus?: Ref<{ focus: () => void }>;
}

const examples = [
  'metrics.auc > 0.68',
  "params.learning_rate = '0.006' and metrics.loss < 0.4",
  "tags.purpose = 'sweep' and state = 'finished'",
  "name like '%night%' or experiment = 'train'",
  "datasets.name = 'flights' and datasets.snapshot >= 4",
  'metrics.auc is not null',
];

/**
 * A line of the filter language with completion of names, operators and values. Enter applies it, Tab or Enter takes a choice
 * that the arrows have reached; what was typed stays when the server refuses it.
 */
export function FilterField({ project, fields, value, onApply, error, focus }: FilterFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);
  const [caret, setCaret] = useState<number>();
  const [chosen, setChosen] = useState(-1);
  useImperativeHandle(focus, () => ({ focus: () => input.current?.focus() }));
  if (applied !== value) {
    // The address changed by other means: back, a link, a saved view.
    setApplied(value);
    setTyped(value);
  }
  const refused = error instanceof ApiError && error.status === 400 ? error : undefined;
  const choices = useCompletions({ project, fields, typed, caret });
  const isOpen = caret !== undefined && choices.length > 0;

  function note(): void {
    setCaret(input.current?.selectionStart ?? undefined);
    setChosen(-1);
  }

  function take(choice: Completion): void {
    const done = complete(typed, placeAt(typed, caret ?? typed.length), choice);
    setTyped(done.text);
    setCaret(done.caret);
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(done.caret, done.caret));
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      setCaret(undefined);
      return;
    }
    if (!isOpen) {
      if (event.key === 'ArrowDown') note();
      return;
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = choices[chosen === -1 && event.key === 'Tab' ? 0 : chosen];
    if (by !== undefined) setChosen((old) => (old + by + choices.length + (old === -1 && by < 0 ? 1 : 0)) % choices.length);
    else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && choice !== undefined) take(choice);
    else return;
    event.preventDefault();
  }

  return (
    <form
      className={styles['filter']}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setCaret(undefined);
        onApply(typed.trim());
      }}
    >
      <div className={styles['filterBox']}>
        <input
          ref={input}
          className={styles['filterInput']}
          role="combobox"
          aria-label="Filter runs"
          aria-expanded={isOpen}
          aria-controls={`${id}-choices`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && chosen >= 0 ? `${id}-${chosen}` : undefined}
          placeholder="Filter: metrics.auc > 0.68 and state = 'finished'"
          value={typed}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart ?? undefined);
            setChosen(-1);
          }}
          onClick={note}
          onKeyDown={press}
          onBlur={() => setCaret(undefined)}
          aria-invalid={refused === undefined ? undefined : true}
          aria-describedby={refused === undefined ? undefined : 'filter-problem'}
        />
        <ul id={`${id}-choices`} role="listbox" aria-label="Completions" className={styles['completions']} hidden={!isOpen}>
          {isOpen &&
            choices.map((choice, index) => (
              <li
                key={choice.insert}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                className={classNames(styles['completion'], index === chosen && styles['reached'])}
                // Before the field loses the focus.
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(choice);
                }}
              >
                <code>{choice.label}</code>
                <span>{choice.note}</span>
              </li>
            ))}
        </ul>
      </div>
      <PopoverButton label="Filter language" trigger={<IconButton label="Filter language" icon={<CircleHelp size={15} aria-hidden />} />}>
        <div className={styles['help']}>
          <p>Compare metrics, params, tags, datasets and attributes of runs; join with and, or, not and brackets.</p>
          <ul>
            {examples.map((example) => (
              <li key={example}>
                <button type="button" className={styles['example']} onClick={() => onApply(example)}>
                  <code>{example}</code>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </PopoverButton>
      {refused !== undefined && (
        <p id="filter-problem" className={styles['problem']} role="alert">
          {refused.detail ?? refused.title}
          {refused.hint === undefined ? '' : ` ${refused.hint}`}
        </p>
      )}
    </form>
  );
}

const noChoices: readonly Completion[] = [];
const noValues: readonly string[] = [];

function useCompletions(at: { project: string; fields: RunFields; typed: string; caret: number | undefined }): readonly Completion[] {
  const { project, fields, typed } = at;
  const caret = useDeferredValue(at.caret);
  const place = useMemo(() => (caret === undefined || caret > typed.length ? undefined : placeAt(typed, caret)), [typed, caret]);
  const asked = place === undefined ? undefined : askedValues(place);
  const [prefix, setPrefix] = useState('');
  const wanted = place?.typed ?? '';
  useEffect(() => {
    // The server is asked when the typing rests.
    const timer = window.setTimeout(() => setPrefix(wanted), 120);
    return () => window.clearTimeout(timer);
  }, [wanted]);
  const values = useQuery({
    ...runValuesQuery(project, asked ?? '', prefix),
    enabled: asked !== undefined,
    placeholderData: (old: { readonly items: readonly string[] } | undefined) => old,
  });
  const known = asked === undefined ? noValues : (values.data?.items ?? noValues);
  return useMemo(() => (place === undefined ? noChoices : completionsFor(place, fields, known)), [place, fields, known]);
}
