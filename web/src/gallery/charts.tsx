import { useMemo, useState } from 'react';
import { BarList } from '../charts/bar-list.tsx';
import { CalibrationChart } from '../charts/calibration-chart.tsx';
import { Graph } from '../charts/graph.tsx';
import { Histogram } from '../charts/histogram.tsx';
import { LineChart } from '../charts/line-chart.tsx';
import { Sparkline } from '../charts/sparkline.tsx';
import { StageBar } from '../charts/stage-bar.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { WeightBar } from '../charts/weight-bar.tsx';
import { Panel, Section } from '../ui/page-header.tsx';
import {
  aucByWindow,
  calibration,
  distance,
  latencyByWindow,
  lossCurves,
  origin,
  pipeline,
  pipelineEdges,
  stepRuns,
} from './sample-data.ts';
import styles from './gallery.module.css';

export function Curves({ now }: { readonly now: number }) {
  const loss = useMemo(lossCurves, []);
  const auc = useMemo(() => aucByWindow(now), [now]);
  const latency = useMemo(() => latencyByWindow(now), [now]);
  return (
    <Section title="Curves" note="the two lower charts share their cursor">
      <div className={styles['charts']}>
        <Panel>
          <LineChart title="Loss" series={loss} xName="step" yName="loss" xKind="number" logSwitch nullMeans="the loss was NaN" />
        </Panel>
        <Panel>
          <LineChart title="Gradient norm" series={[]} xName="step" yName="norm" xKind="number" />
        </Panel>
        <Panel>
          <LineChart
            title="AUC by window"
            series={auc}
            xName="window"
            yName="AUC"
            xKind="time"
            sync="windows"
            limit={{ value: 0.66, label: 'alert below 0.66' }}
            nullMeans="no labels in this window"
          />
        </Panel>
        <Panel>
          <LineChart title="Latency" unit="ms" series={latency} xName="window" yName="latency" xKind="time" sync="windows" />
        </Panel>
      </div>
    </Section>
  );
}

export function Distributions() {
  return (
    <Section title="Distributions">
      <div className={styles['charts']}>
        <Panel>
          <Histogram title="distance" unit="miles" current={distance.current} reference={distance.reference} referenceName="Training" />
        </Panel>
        <Panel>
          <Histogram title="origin" current={origin.current} reference={origin.reference} referenceName="Training" />
        </Panel>
        <Panel>
          <CalibrationChart title="Calibration" bins={calibration} />
        </Panel>
        <Panel>
          <BarList
            label="Drift by feature, PSI"
            limit={0.2}
            items={[
              { id: 'distance', label: 'distance', value: 0.312, tone: 'failed', word: 'drifted' },
              { id: 'origin', label: 'origin', value: 0.184, tone: 'warning', word: 'near' },
              { id: 'hour', label: 'hour', value: 0.041 },
              { id: 'weekday', label: 'weekday', value: 0.012 },
              { id: 'destination_state', label: 'destination_state', value: null },
            ]}
          />
        </Panel>
      </div>
    </Section>
  );
}

export function Courses({ now }: { readonly now: number }) {
  const steps = useMemo(() => stepRuns(now), [now]);
  const [selected, setSelected] = useState<string>('train');
  return (
    <Section title="Pipelines, traffic, stages">
      <div className={styles['stack']}>
        <Panel>
          <div className={styles['stages']}>
            <StageBar stage={1} met={17} total={17} standing="reached" />
            <StageBar stage={2} met={18} total={20} standing="reached" />
            <StageBar stage={3} met={6} total={18} standing="next" />
            <StageBar stage={4} met={2} total={24} standing="later" />
          </div>
        </Panel>
        <Panel>
          <Graph title="Pipeline train" nodes={pipeline} edges={pipelineEdges} selected={selected} onSelect={setSelected} />
        </Panel>
        <Panel>
          <Timeline title="Step runs" items={steps} now={now} selected={selected} onSelect={setSelected} />
        </Panel>
        <Panel>
          <WeightBar
            label="Traffic of flight-delay"
            weights={[
              { label: 'revision 6', weight: 75, note: 'version 3' },
              { label: 'revision 7', weight: 25, note: 'version 4, canary' },
            ]}
          />
          <p className={styles['line']}>
            AUC <Sparkline label="AUC over 12 windows" values={[0.69, 0.69, 0.7, 0.68, null, 0.69, 0.67, 0.66, 0.67, 0.64, 0.63, 0.62]} />{' '}
            predictions <Sparkline label="Predictions per hour" values={[3, 4, 4, 9, 12, 14, 13, 12, 8, 5, 4, 3]} />
          </p>
        </Panel>
      </div>
    </Section>
  );
}
