/** Numbers and sentences as people read them; shared by the assessment and the ladder on the terminal. */
import type { Criterion, Measured, Threshold } from './model.ts';

/** `0.956` as a share is `95.6 %`; a share never rounds up to 100 %. */
export function quantity(value: number, unit: Threshold['unit']): string {
  if (unit === 'share') return `${String(Math.floor(value * 1000 + 1e-9) / 10)} %`;
  const rounded = String(Math.round(value * 10) / 10);
  if (unit === 'per-week') return `${rounded} a week`;
  return unit === 'count' ? rounded : `${rounded} ${unit}`;
}

/** `>= 95 %`, `<= 15 minutes`. */
export function thresholdText(threshold: Threshold): string {
  return `${threshold.comparison === 'at-least' ? '>=' : '<='} ${quantity(threshold.value, threshold.unit)}`;
}

const needs = (threshold: Threshold): string => {
  const words = threshold.comparison === 'at-most' ? 'at most ' : threshold.unit === 'share' ? '' : 'at least ';
  return `needs ${words}${quantity(threshold.value, threshold.unit)}`;
};

/** "2 of 5 production versions have a complete walk; needs 95 %." with what else is missing behind it. */
export function explainMeasured(rule: Criterion, measurement: Measured, shortfalls: readonly string[]): string {
  const value = rule.threshold.unit === 'minutes' ? valueText(measurement, rule.threshold) : '';
  return sentence([`${measurement.explanation}${value}`, needs(rule.threshold), ...shortfalls].join('; '));
}

function valueText(measurement: Measured, threshold: Threshold): string {
  return measurement.value === undefined
    ? '; the slowest tenth was never acknowledged'
    : `; nine of ten within ${quantity(measurement.value, threshold.unit)}`;
}

export function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
