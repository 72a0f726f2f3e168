import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ModelVersionWire } from '#registry/wire.ts';
import { lazy, Suspense } from 'react';
import { KeyValues } from '../ui/key-values.tsx';
import { Link } from '../ui/link.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Digest, Missing, RelativeTime } from '../ui/values.tsx';
import { Evaluation } from './evaluation.tsx';
import { DeleteButton } from './delete-button.tsx';
import { Files } from './files.tsx';
import { ModelDirectory } from './model-directory.tsx';
import { type VersionAddress, versionQuery } from './model-queries.ts';
import { versionTabs } from './models-search.ts';
import styles from './models.module.css';
import { Signature } from './signature.tsx';
import { SignatureMark } from './signed-files.tsx';
import { VersionMarks } from './version-marks.tsx';

// Markdown and the layout of graphs are large; most visits read the evaluation.
const Card = lazy(() => import('./card.tsx').then((module) => ({ default: module.Card })));
const Lineage = lazy(() => import('./lineage.tsx').then((module) => ({ default: module.Lineage })));

const route = getRouteApi('/$project/models/$model/$version');

/** One version: what it scored, what it is for, what it takes and gives, where it comes from. */
export function ModelVersionPage() {
  const of = route.useParams();
  const version = useQuery(versionQuery(of));
  return (
    <>
      <PageHeader
        title={`${of.model} ${version.data?.version ?? of.version}`}
        path={
          <>
            <Link to="/$project/models" params={{ project: of.project }}>
              Models
            </Link>{' '}
            /{' '}
            <Link to="/$project/models/$model" params={{ project: of.project, model: of.model }}>
              {of.model}
            </Link>
          </>
        }
        marks={version.data !== undefined && <VersionMarks version={version.data} />}
        actions={version.data !== undefined && <DeleteButton of={{ ...of, version: String(version.data.version) }} />}
        description={version.data?.description === '' ? undefined : version.data?.description}
      />
      <QueryView query={version} failure={`Version ${of.version} could not be read`}>
        {(data) => <Whole of={{ ...of, version: String(data.version) }} version={data} />}
      </QueryView>
    </>
  );
}

function Whole({ of, version }: { readonly of: VersionAddress; readonly version: ModelVersionWire }) {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const isDirectory = version.files.some(({ name }) => /^([^/]+\/)?MLmodel$/.test(name));
  const isEvaluated = version.files.some(({ name }) => name === 'evaluation.json');
  return (
    <div className={styles['page']}>
      <div className={styles['origin']}>
        <KeyValues items={originOf(of.project, version)} />
        <KeyValues items={[...digestsOf(version), { key: 'Signature', value: <SignatureMark of={of} /> }]} />
      </div>
      <Tabs
        label="Views of the version"
        value={tab ?? (isDirectory && !isEvaluated ? 'directory' : 'evaluation')}
        onChange={(id) => void navigate({ search: (old) => ({ ...old, tab: versionTabs.find((one) => one === id) }), resetScroll: false })}
        tabs={[
          { id: 'evaluation', label: 'Evaluation', content: <Evaluation of={of} /> },
          ...(isDirectory ? [{ id: 'directory', label: 'Model directory', content: <ModelDirectory of={of} version={version} /> }] : []),
          {
            id: 'card',
            label: 'Card',
            content: (
              <Suspense fallback={<Skeleton />}>
                <Card of={of} />
              </Suspense>
            ),
          },
          { id: 'signature', label: 'Signature', content: <Signature version={version} /> },
          {
            id: 'lineage',
            label: 'Lineage',
            content: (
              <Suspense fallback={<Skeleton />}>
                <Lineage of={of} />
              </Suspense>
            ),
          },
          { id: 'files', label: 'Files', count: version.files.length, content: <Files of={of} version={version} /> },
        ]}
      />
    </div>
  );
}

function originOf(project: string, { run, pipelineRun, snapshots, trainer, registeredAt, commit, source, stage }: ModelVersionWire) {
  return [
    ...(source === undefined ? [] : [{ key: 'Source', value: <code>{source}</code> }]),
    ...(stage === 'None' ? [] : [{ key: 'MLflow stage', value: stage }]),
    { key: 'Registered', value: <RelativeTime time={registeredAt} /> },
    { key: 'Trained by', value: trainer.name },
    {
      key: 'Run',
      value:
        run === undefined ? (
          <Missing why="registered without a run" />
        ) : (
          <Link to="/$project/runs/$run" params={{ project, run }}>
            {run}
          </Link>
        ),
    },
    {
      key: 'Pipeline run',
      value:
        pipelineRun === undefined ? (
          <Missing why="not made by a pipeline" />
        ) : (
          <Link to="/$project/pipelines/$pipelineRun" params={{ project, pipelineRun }}>
            {pipelineRun}
          </Link>
        ),
    },
    {
      key: 'Trained on',
      value:
        snapshots.length === 0 ? (
          <Missing why="no snapshot was named" />
        ) : (
          <span className={styles['marks']}>
            {snapshots.map(({ dataset, snapshot }) => (
              <Link key={`${dataset} ${snapshot}`} to="/$project/data/$dataset" params={{ project, dataset }} search={{ snapshot }}>
                {dataset} @{snapshot}
              </Link>
            ))}
          </span>
        ),
    },
    { key: 'Commit', value: commit === undefined ? <Missing why="the code was in no commit" /> : <code>{commit.slice(0, 12)}</code> },
  ];
}

/** Characters; prompts and notes of other tools can be long. */
const longestTag = 200;

function digestsOf({ digest, codeDigest, environmentDigest, tags }: ModelVersionWire) {
  const shown = (value: string | undefined, why: string) => (value === undefined ? <Missing why={why} /> : <Digest digest={value} />);
  return [
    { key: 'Model file', value: <Digest digest={digest} /> },
    { key: 'Code', value: shown(codeDigest, 'the code was not recorded') },
    { key: 'Environment', value: shown(environmentDigest, 'the environment was not recorded') },
    ...Object.entries(tags).map(([key, value]) => ({ key, value: value.length > longestTag ? `${value.slice(0, longestTag)}…` : value })),
  ];
}
