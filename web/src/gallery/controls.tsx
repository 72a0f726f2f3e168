import { Play, Settings2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '../api/client.ts';
import { Badge } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { KeyValues } from '../ui/key-values.tsx';
import { ExternalLink, Link } from '../ui/link.tsx';
import { Menu } from '../ui/menu.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import { PopoverSurface } from '../ui/popover.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StageMark } from '../ui/stage-mark.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { TextField } from '../ui/text-field.tsx';
import { TimeRange, type TimeRangeName } from '../ui/time-range.tsx';
import { notify } from '../ui/toast-notes.ts';
import { Bytes, Digest, Duration, Figure, Missing, RelativeTime } from '../ui/values.tsx';
import styles from './gallery.module.css';

export function Marks() {
  return (
    <Section title="States and stages">
      <Panel>
        <div className={styles['flow']}>
          <StateMark state="ok" word="succeeded" />
          <StateMark state="warning" word="degraded" />
          <StateMark state="failed" word="quarantined" />
          <StateMark state="unknown" word="no data" />
          <StateMark state="running" word="running" />
          <StateMark state="waiting" word="waiting" />
          <StateMark state="off" word="cancelled" />
        </div>
        <div className={styles['flow']}>
          {([0, 1, 2, 3, 4] as const).map((stage) => (
            <StageMark key={stage} stage={stage} />
          ))}
        </div>
        <div className={styles['flow']}>
          <Badge>staging</Badge>
          <Badge tone="accent">production</Badge>
          <Badge tone="ok">passed</Badge>
          <Badge tone="warning">must</Badge>
          <Badge tone="failed">critical</Badge>
          <Badge tone="outline">champion</Badge>
        </div>
      </Panel>
    </Section>
  );
}

export function Controls() {
  const [environment, setEnvironment] = useState('production');
  const [airport, setAirport] = useState<string | undefined>('DEN');
  const [threshold, setThreshold] = useState('0,2');
  const [live, setLive] = useState(true);
  const [range, setRange] = useState<TimeRangeName>('24h');
  const [asking, setAsking] = useState(false);
  const menu = [
    [
      {
        id: 'run',
        label: 'Run again',
        icon: <Play size={14} aria-hidden />,
        keys: 'R',
        onSelect: () => notify('ok', 'Pipeline run started', 'train, with the newest snapshots'),
      },
      {
        id: 'config',
        label: 'Edit parameters',
        icon: <Settings2 size={14} aria-hidden />,
        onSelect: () => notify('warning', 'Parameters differ from ripen.yaml'),
      },
    ],
    [
      {
        id: 'delete',
        label: 'Delete run',
        icon: <Trash2 size={14} aria-hidden />,
        danger: true,
        onSelect: () => notify('failed', 'The run could not be deleted', 'Version 4 was made by it.'),
      },
    ],
  ];
  return (
    <Section title="Controls">
      <Panel>
        <div className={styles['flow']}>
          <Button look="primary">Release version 4</Button>
          <Button icon={<Play size={14} aria-hidden />}>Run pipeline</Button>
          <Button look="danger" onClick={() => setAsking(true)}>
            Roll back
          </Button>
          <Button look="plain">Explain</Button>
          <Button busy>Assessing</Button>
          <Button disabled>Approve</Button>
          <IconButton label="Settings" icon={<Settings2 size={16} aria-hidden />} />
          <Menu groups={menu} trigger={<Button>More</Button>} />
          <PopoverSurface label="About this figure" trigger={<Button>What is this</Button>}>
            Share of predictions whose label has arrived, by event time.
          </PopoverSurface>
          <Link to="/ui">A link</Link>
          <ExternalLink href="https://example.org">A link outside</ExternalLink>
        </div>
        <div className={styles['fields']}>
          <Select
            label="Environment"
            value={environment}
            onChange={setEnvironment}
            choices={[
              { value: 'staging', label: 'Staging' },
              { value: 'production', label: 'Production' },
            ]}
          />
          <Combobox
            label="Airport"
            value={airport}
            onChange={setAirport}
            choices={['ATL', 'DEN', 'DFW', 'LAX', 'ORD'].map((value) => ({ value, label: value }))}
          />
          <TextField
            label="Drift threshold"
            value={threshold}
            onChange={setThreshold}
            error={Number.isNaN(Number(threshold)) ? 'Not a number. Write a point: 0.2' : undefined}
          />
          <TextField label="Reason" value="" onChange={() => undefined} placeholder="Why this release" help="Shown in the audit log" />
          <TimeRange value={range} onChange={setRange} />
          <Checkbox label="Follow live" checked={live} onChange={setLive} />
          <Checkbox label="Some picked" checked="mixed" onChange={() => undefined} />
        </div>
        <Dialog
          open={asking}
          onOpenChange={setAsking}
          title="Roll back flight-delay in production"
          description="Traffic goes back to revision 6 (version 3) within a second. Revision 7 keeps running until its last request ended."
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep version 4</Button>
              <Button look="primary" onClick={() => setAsking(false)}>
                Roll back to version 3
              </Button>
            </>
          }
        >
          <CommandLine command="ripen rollback flight-delay --environment production" />
        </Dialog>
      </Panel>
    </Section>
  );
}

export function Values({ now }: { readonly now: number }) {
  return (
    <Section title="Values">
      <Panel>
        <KeyValues
          items={[
            { key: 'Started', value: <RelativeTime time={now - 4_000_000} /> },
            { key: 'Duration', value: <Duration ms={245_300} /> },
            { key: 'Running for', value: <Duration since={now - 63_000} /> },
            { key: 'Artifact', value: <Bytes bytes={14_230_112} /> },
            { key: 'AUC', value: <Figure value={0.691_482_2} /> },
            { key: 'Late flights', value: <Figure value={0.193_4} kind="share" /> },
            { key: 'Label', value: <Missing why="Labels arrive two days later" /> },
            { key: 'Digest', value: <Digest digest="sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" /> },
            { key: 'Command', value: <CommandLine command="ripen models show flight-delay 4 --json" /> },
          ]}
        />
      </Panel>
    </Section>
  );
}

const refused = new ApiError({
  code: 'delivery.gate-refused',
  title: 'The release was refused',
  detail: 'Gate “better than production” needs a lower bound of AUC above 0.000; the bootstrap interval is −0.021 to 0.004.',
  hint: 'Train on newer data, or compare the slices of both versions to see where version 5 is worse.',
  status: 409,
  request: '01JD3V',
});

export function Conditions() {
  return (
    <Section title="Empty, waiting, failed">
      <div className={styles['pair']}>
        <Panel>
          <EmptyState
            title="Nothing is deployed yet"
            command="ripen deploy flight-delay --version 4"
            action={<Button look="primary">Release a version</Button>}
          >
            A release that passes its gates is deployed to staging and then, step by step, to production.
          </EmptyState>
        </Panel>
        <ErrorState error={refused} onRetry={() => undefined} />
        <Panel>
          <ProgressBar label="Loading 2001-05" done={1_822_000} total={3_000_000} text="1.8 of 3.0 M rows" />
          <ProgressBar label="Counting rows" done={0} />
        </Panel>
        <Panel>
          <Skeleton lines={4} />
        </Panel>
      </div>
    </Section>
  );
}
