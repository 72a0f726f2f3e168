import { useMemo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { JsonView } from '../ui/json-view.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { LogView } from '../ui/log-view.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { SplitPane } from '../ui/split-pane.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { SearchField } from '../ui/text-field.tsx';
import { Duration, Figure, Missing, RelativeTime } from '../ui/values.tsx';
import styles from './gallery.module.css';
import { cardText, logLines, type SampleRun, sampleRuns } from './sample-data.ts';

const columns: readonly Column<SampleRun>[] = [
  { id: 'name', header: 'Run', value: (run) => run.name, grow: true, width: 120 },
  { id: 'state', header: 'State', value: (run) => run.word, cell: (run) => <StateMark state={run.state} word={run.word} />, width: 116 },
  { id: 'auc', header: 'AUC', value: (run) => run.auc, numeric: true, digits: 4, width: 88 },
  { id: 'logLoss', header: 'Log loss', value: (run) => run.logLoss, numeric: true, digits: 4, width: 88 },
  { id: 'rows', header: 'Rows', value: (run) => run.rows, numeric: true, width: 96 },
  {
    id: 'duration',
    header: 'Duration',
    value: (run) => run.durationMs,
    cell: (run) => <Duration ms={run.durationMs} since={run.started} />,
    numeric: true,
    width: 104,
  },
  { id: 'commit', header: 'Commit', value: (run) => run.commit, cell: (run) => <code>{run.commit}</code>, width: 96, hidden: true },
  {
    id: 'started',
    header: 'Started',
    value: (run) => run.started,
    cell: (run) => <RelativeTime time={run.started} />,
    numeric: true,
    width: 112,
  },
];

export function Lists({ now }: { readonly now: number }) {
  const all = useMemo(() => sampleRuns(10_000, now), [now]);
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<SampleRun>();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => all.filter((run) => run.name.includes(search)), [all, search]);
  return (
    <Section title="Table with details beside it" note="10,000 rows">
      <SplitPane detailsTitle={open?.name ?? ''} onClose={() => setOpen(undefined)} details={open && <RunDetails run={open} />}>
        <Table
          label="Runs"
          columns={columns}
          rows={rows}
          rowKey={(run) => run.id}
          onOpen={setOpen}
          openKey={open?.id}
          picked={picked}
          onPick={setPicked}
          initialSort={{ column: 'started', descending: true }}
          maxHeight={380}
          tools={
            <>
              <SearchField label="Filter runs" value={search} onChange={setSearch} />
              <Button disabled={picked.size < 2}>Compare {picked.size > 0 ? picked.size : ''}</Button>
            </>
          }
          empty={<p>No run matches “{search}”.</p>}
        />
      </SplitPane>
    </Section>
  );
}

function RunDetails({ run }: { readonly run: SampleRun }) {
  return (
    <KeyValues
      items={[
        { key: 'State', value: <StateMark state={run.state} word={run.word} /> },
        { key: 'Started', value: <RelativeTime time={run.started} /> },
        { key: 'Duration', value: <Duration ms={run.durationMs} since={run.started} /> },
        { key: 'Commit', value: <code>{run.commit}</code> },
        { key: 'AUC', value: run.auc === undefined ? <Missing why="The run did not finish" /> : <Figure value={run.auc} /> },
      ]}
    />
  );
}

const event = {
  number: 4_211,
  type: 'gate.evaluated',
  subject: 'projects/flights/releases/7',
  actor: { kind: 'person', name: 'you' },
  data: {
    release: '7',
    model: 'flight-delay',
    version: 5,
    outcome: 'refused',
    checks: [
      { name: 'better than production', outcome: 'refused', value: -0.008, threshold: 0 },
      { name: 'latency p99', outcome: 'passed', value: 4.2, threshold: 50 },
    ],
    comparedWith: null,
  },
};

export function Texts() {
  const [tab, setTab] = useState('log');
  const tabs = [
    { id: 'log', label: 'Log', count: logLines.length, content: <LogView label="Log of train" lines={logLines} live height={240} /> },
    { id: 'card', label: 'Card', content: <Markdown text={cardText} /> },
    { id: 'event', label: 'Event', content: <JsonView label="Event 4211" value={event} open={3} /> },
  ];
  return (
    <Section title="Texts">
      <Panel>
        <div className={styles['texts']}>
          <Tabs label="Views of the step run" tabs={tabs} value={tab} onChange={setTab} />
        </div>
      </Panel>
    </Section>
  );
}
