import type { GraphStepWire, PipelineRunWire } from '#pipelines/wire.ts';
import { ChevronRight } from 'lucide-react';
import styles from './pipelines.module.css';
import { StepState } from './states.tsx';

interface StepChainProps {
  readonly steps: readonly GraphStepWire[];
  readonly states: PipelineRunWire['stepStates'];
}

/** The steps in the order in which they can run; those that can run at the same time stand together. */
export function StepChain({ steps, states }: StepChainProps) {
  const byStep = new Map(states.map(({ step, state }) => [step, state]));
  return (
    <ol className={styles['chain']} aria-label="Steps">
      {layersOf(steps).map((layer, index) => (
        <li key={index} className={styles['layer']}>
          {index > 0 && <ChevronRight size={13} aria-hidden className={styles['arrow']} />}
          {layer.map((step) => (
            <span key={step} className={styles['step']}>
              {byStep.has(step) && <StepState state={byStep.get(step) ?? 'queued'} wordHidden />}
              {step}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

function layersOf(steps: readonly GraphStepWire[]): readonly (readonly string[])[] {
  const layers: string[][] = [];
  const done = new Set<string>();
  while (done.size < steps.length) {
    const ready = steps.filter((step) => !done.has(step.name) && step.before.every((before) => done.has(before))).map((step) => step.name);
    // A graph with a cycle is refused by the server; here it must only not hang.
    if (ready.length === 0) break;
    for (const name of ready) done.add(name);
    layers.push(ready);
  }
  return layers;
}
