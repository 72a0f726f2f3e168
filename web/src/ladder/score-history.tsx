import type { UseQueryResult } from '@tanstack/react-query';
import type { AssessmentSummaryWire } from '#maturity/wire.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { stages } from '../ui/stage-mark.tsx';
import { useMemo } from 'react';

/** How the stages grew over the recorded assessments. */
export function ScoreHistory({ query }: { readonly query: UseQueryResult<{ readonly items: readonly AssessmentSummaryWire[] }> }) {
  return (
    <Section title="History" note="share of each stage's weight that the evidence supports">
      <Panel>
        <QueryView query={query} failure="The history could not be read" lines={4}>
          {({ items }) => <Scores items={items} />}
        </QueryView>
      </Panel>
    </Section>
  );
}

function Scores({ items }: { readonly items: readonly AssessmentSummaryWire[] }) {
  const series = useMemo(() => {
    const oldestFirst = items.toReversed();
    return stages.map((name, index) => ({
      name,
      points: oldestFirst.map((one) => ({ x: one.at, y: (one.stages[index]?.score ?? Number.NaN) * 100 })),
    }));
  }, [items]);
  if (items.length < 2)
    return (
      <p>
        {items.length === 0 ? 'No assessment was recorded yet' : 'One assessment was recorded'}. Ripen records one each day;{' '}
        <code>ripen assess --record</code> and Verify record one now.
      </p>
    );
  return <LineChart title="Stage scores" unit="%" series={series} xName="Time" yName="Score" xKind="time" height={180} />;
}
