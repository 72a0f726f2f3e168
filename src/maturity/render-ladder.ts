/** The ladder as plain text for a terminal: what `ripen assess` prints. Marks differ by shape and word, never by colour alone. */
import type { AssessmentWire, CriterionResultWire, StageResultWire } from './wire.ts';

export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  /** Also list criteria that no event proves yet. */
  readonly all?: boolean;
}

const barWidth = 20;
const narrowest = 40;

const marks: Readonly<Record<CriterionResultWire['state'], string>> = {
  pass: '[x] met',
  partial: '[/] partly met',
  fail: '[ ] not met',
  no_data: '[?] no data',
  not_applicable: '[-] does not apply',
  not_measurable: '[.] not yet measurable',
};

export function renderLadder(assessment: AssessmentWire, options: RenderOptions = {}): string {
  const width = Math.max(narrowest, options.width ?? 100);
  const lines = [
    `${assessment.project} / Ladder   ${assessment.stageTitle}${assessment.stage === 'none' ? '' : ' reached'}`,
    '',
    ...assessment.stages.flatMap((stage) => wrap(stageLine(stage, assessment), width, ' ', ' '.repeat(14))),
    '',
    ...stepLines(assessment, width),
    ...assessment.stages.flatMap((stage) => criteriaOf(assessment, stage, { width, all: options.all === true })),
    `Evidence up to event ${assessment.upTo}; root`,
    assessment.evidenceRoot,
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function stageLine(stage: StageResultWire, assessment: AssessmentWire): string {
  const filled = Math.floor(stage.score * barWidth + 1e-9);
  const bar = '='.repeat(filled) + '.'.repeat(barWidth - filled);
  const next = assessment.stages.find((one) => !one.reached)?.stage === stage.stage ? 'next' : '';
  const rest = [
    stage.reached ? 'reached' : next,
    stage.noData > 0 ? `${stage.noData} without data` : '',
    stage.notMeasurable > 0 ? `${stage.notMeasurable} not yet measurable` : '',
  ].filter((part) => part !== '');
  const met = `${stage.passed} of ${stage.total} met`.padEnd(15);
  return `${stage.title.padEnd(11)} ${bar} ${String(Math.floor(stage.score * 100)).padStart(3)} %  ${met} ${rest.join(', ')}`;
}

function stepLines(assessment: AssessmentWire, width: number): string[] {
  const step = assessment.nextSteps[0];
  const result = assessment.criteria.find((one) => one.criterion.id === step?.criterion);
  if (result === undefined) return [];
  const { criterion } = result;
  const kind = [criterion.must ? 'must' : '', stageTitle(assessment, criterion.stage), `weight ${criterion.weight}`].filter(
    (part) => part !== '',
  );
  const missing = result.missing.length === 0 ? '' : ` Missing: ${listed(result.missing)}.`;
  return [
    'Next best step',
    ...wrap(`${criterion.id} ${criterion.title} (${kind.join(', ')})`, width, '  '),
    ...wrap(`${result.explanation}${missing}`, width, '  '),
    ...wrap(criterion.nextStep.text, width, '  '),
    ...(criterion.nextStep.command === null ? [] : [`  $ ${criterion.nextStep.command}`]),
    '',
  ];
}

const stageTitle = (assessment: AssessmentWire, stage: string): string =>
  assessment.stages.find((one) => one.stage === stage)?.title ?? stage;

function criteriaOf(
  assessment: AssessmentWire,
  stage: StageResultWire,
  options: { readonly width: number; readonly all: boolean },
): string[] {
  const own = assessment.criteria.filter((result) => result.criterion.stage === stage.stage);
  const shown = options.all ? own : own.filter((result) => result.state !== 'not_measurable');
  if (shown.length === 0) return [];
  const groups = Map.groupBy(shown, (result) => result.criterion.capability.title);
  const lines = [...groups].flatMap(([title, results]) => [
    ` ${title}`,
    ...results.flatMap((result) => criterionLines(result, options.width)),
  ]);
  const hidden = own.length - shown.length;
  return [stage.title, ...lines, ...(hidden > 0 ? [` ${hidden} not yet measurable (--all lists them)`] : []), ''];
}

function criterionLines(result: CriterionResultWire, width: number): string[] {
  const { criterion } = result;
  const head = `${marks[result.state].padEnd(23)} ${criterion.id.padEnd(8)} ${criterion.must ? 'must ' : '     '} ${criterion.title}`;
  const indent = '      ';
  return [...wrap(head, width, '  ', indent), ...(result.state === 'pass' ? [] : wrap(result.explanation, width, indent))];
}

function listed(names: readonly string[]): string {
  const shown = 3;
  const rest = names.length - shown;
  return names.slice(-shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Breaks at spaces; a word longer than the line stays whole. Spaces inside the first line are kept. */
function wrap(text: string, width: number, indent: string, hanging: string = indent): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const blank = line.trim() === '';
    if (!blank && line.length + 1 + word.length > width) {
      lines.push(line);
      line = hanging + word;
    } else line += blank && word !== '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
