import { styleText } from 'node:util';
import type { GateWire, ReleaseStoryWire } from '#delivery/index.ts';
import { formatNumber, formatTime, renderPairs, renderTable } from './output.ts';

/** A release as text: where it is, what each gate has checked, who approved. */
export function textOfRelease(story: ReleaseStoryWire, width: number): string {
  return [
    renderPairs([
      ['release', story.id],
      ['of', `${story.model} version ${story.version} to ${story.deployment}${story.deliberate ? ' (a rehearsal)' : ''}`],
      ['state', story.state],
      ['because', story.reason],
      ['note', story.failure?.message ?? story.note],
      [
        'approvals',
        story.approvalsNeeded === 0
          ? 'none needed'
          : `${story.approvals.filter(({ counts }) => counts).length} of ${story.approvalsNeeded}`,
      ],
      ['digest', story.digest],
    ]),
    ...story.gates.flatMap((gate) => ['', textOfGate(gate, width)]),
    '',
    ...story.timeline.map(({ time, state, note }) => `${formatTime(time) ?? ''}  ${state}${note === undefined ? '' : `: ${note}`}`),
    ...(story.state === 'awaiting-approval' ? ['', `It waits for a person: ripen deploy approve ${story.id}`] : []),
  ].join('\n');
}

function textOfGate({ environment, outcome, comparedWith, checks }: GateWire, width: number): string {
  const title = `Gate to ${environment}: ${outcome}${comparedWith === undefined ? '' : `, compared with version ${comparedWith}`}`;
  const table = renderTable(
    checks,
    [
      { title: '', value: (check) => (check.outcome === 'passed' ? '✔' : '✖') },
      { title: 'Check', value: ({ name }) => name },
      { title: 'Value', value: ({ value }) => formatNumber(value), align: 'right' },
      { title: 'Threshold', value: ({ threshold }) => formatNumber(threshold), align: 'right' },
      { title: 'Why', value: ({ explanation }) => explanation },
    ],
    width,
  );
  // A table cuts long texts; why something was refused must be readable to its end.
  const refused = checks.filter((check) => check.outcome === 'refused').map(({ name, explanation }) => `  ✖ ${name}: ${explanation}`);
  return [styleText('bold', title), table, ...refused].join('\n');
}
