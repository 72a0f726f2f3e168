import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { AssessmentWire } from '#maturity/wire.ts';
import { lazy, Suspense, useState } from 'react';
import { useProjectTitle } from './project-title.ts';
import { Button } from '../ui/button.tsx';
import { formatDate } from '../ui/format.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StageMark, type StageNumber } from '../ui/stage-mark.tsx';
import { Criteria } from './criteria.tsx';
import { assessmentQuery, historyQuery, momentOf } from './ladder-queries.ts';
import { stageSlugs } from './ladder-search.ts';
import styles from './ladder.module.css';
import { NextStep } from './next-step.tsx';
import { OnePerson } from './one-person.tsx';
import { Proof } from './proof.tsx';
import { StageBars } from './stage-bars.tsx';
import { PastNote, TimeTravel } from './time-travel.tsx';

// The chart is below the fold and large.
const ScoreHistory = lazy(() => import('./score-history.tsx').then((module) => ({ default: module.ScoreHistory })));

const route = getRouteApi('/$project/ladder');

/** The home of a project: how far the evidence carries it, and the next best step. */
export function LadderPage() {
  const { project } = route.useParams();
  const { at } = route.useSearch();
  const title = useProjectTitle(project);
  const moment = momentOf(at === undefined ? undefined : String(at), Date.now());
  const assessment = useQuery({ ...assessmentQuery(project, moment), placeholderData: keepPreviousData });
  const history = useQuery(historyQuery(project));
  const [proving, setProving] = useState(false);
  return (
    <>
      <PageHeader
        title="Ladder"
        path={title}
        marks={assessment.data !== undefined && <Reached assessment={assessment.data} />}
        actions={
          <>
            <TimeTravel project={project} history={history.data?.items ?? []} />
            <Button disabled={assessment.data === undefined} onClick={() => setProving(true)}>
              Verify
            </Button>
          </>
        }
      />
      <QueryView query={assessment} failure="The ladder could not be read" lines={14}>
        {(data) => (
          <div className={styles['page']} data-stale={assessment.isPlaceholderData || undefined}>
            {moment !== undefined && <PastNote assessment={data} />}
            {proving && <Proof key={moment ?? 'now'} project={project} assessment={data} at={moment} onClose={() => setProving(false)} />}
            <StageBars assessment={data} />
            <NextStep project={project} assessment={data} />
            <OnePerson assessment={data} />
            <Criteria project={project} assessment={data} history={history.data?.items ?? []} />
            <Suspense>
              <ScoreHistory query={history} />
            </Suspense>
          </div>
        )}
      </QueryView>
    </>
  );
}

function Reached({ assessment }: { readonly assessment: AssessmentWire }) {
  const place = stageSlugs.findIndex((stage) => stage === assessment.stage);
  // Stages count from 1; 0 is none.
  const number = (place + 1) as 0 | StageNumber;
  const since = assessment.stages[place]?.reachedAt;
  return (
    <span className={styles['reached']}>
      <StageMark stage={number} size={20} wordHidden />
      <span>
        {place === -1 ? 'No stage reached yet' : `${assessment.stageTitle} reached`}
        {typeof since === 'number' && ` on ${formatDate(since)}`}
      </span>
    </span>
  );
}
