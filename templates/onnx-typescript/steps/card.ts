import type { Evaluation, Slice } from './evaluation.ts';

/**
 * The model card (headings after Mitchell et al. 2019). Figures come from the evaluation; `{{…}}` is what only the platform
 * knows at registration: run, snapshots, code and owner.
 */
export function writeCard(evaluation: Evaluation): string {
  const { metrics, trained_on: period } = evaluation;
  const figure = (name: string, digits = 3) => (metrics[name] ?? Number.NaN).toFixed(digits);
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const late = period['late_after_minutes'] ?? 15;
  return `# Model card: flight delay

## Model details

- Question answered: will this flight arrive more than ${late} minutes late?
- Output: \`probability\`, 0 to 1. Inputs: \`origin\`, \`destination\` (IATA codes), \`distance\` (miles), \`hour\` (0 to 23, local time), \`day_of_week\` (1 = Monday).
- Form: multi-layer perceptron over look-up features, trained with TensorFlow.js, one ONNX file with the features inside.
- Version {{model.version}}, run {{run}}, code {{code.digest}}, environment {{environment.digest}}.
- Owner: {{owner}}. Contact the owner before using it for anything that is not listed here.

## Intended use

- To order flights by risk: staffing of gates and connections desks, advice to passengers on tight connections.
- A person decides; the probability is one input.
- Not for: safety, crew duty limits, compensation claims, prices, judging an airline or an airport.

## Data

- Snapshots: {{snapshots}}.
- US domestic flights ${period['training_start']} to ${period['training_end']}; ${period['training_rows']} rows sampled for training, ${period['history_rows']} other rows of the same days for historic late rates.
- Evaluated on all ${evaluation.rows} flights of ${period['evaluation_start']} to ${period['evaluation_end']}, which come after every training row.
- Source: vega-datasets, \`flights-3m\`, from the on-time records of the US Bureau of Transportation Statistics. Cancelled and diverted flights are not in it.

## Features, and what is known when

| feature | from | known |
| --- | --- | --- |
| late rate of origin, destination, route, hour, hour by day, origin by hour, destination by hour | history before the evaluation period | at booking |
| traffic and place of both airports | history, airports list | at booking |
| distance, day of week | the flight | at booking |
| hour | actual departure time | **at departure** |

The source has only the *actual* departure time: two thirds of its minutes do not end in 0 or 5 as timetables do, and of the few flights at 2 or 3 o'clock
most are late ones. Therefore only the hour is used, never the minute. The hour still moves when a flight leaves very late, most visibly from 22 to 4
o'clock, so that the figures there flatter the model. Send the scheduled hour when predicting ahead of departure and expect less there.

## Metrics

| | model | baseline: late rate of the hour |
| --- | ---: | ---: |
| AUC | ${figure('auc')} | ${figure('baseline_auc')} |
| AUC from 5 to 21 o'clock | ${figure('auc_daytime')} | ${figure('baseline_auc_daytime')} |
| log loss | ${figure('log_loss', 4)} | ${figure('baseline_log_loss', 4)} |
| Brier score | ${figure('brier', 4)} | ${figure('baseline_brier', 4)} |
| calibration error | ${figure('calibration_error', 4)} | |

Predicted rate ${percent(metrics['mean_score'] ?? 0)}, observed ${percent(metrics['positive_rate'] ?? 0)}. One row takes ${figure('latency_p50_ms', 2)} ms (p99 ${figure('latency_p99_ms', 2)} ms) in the model alone.

## Slices

${sliceTable(evaluation.slices.filter(({ slice }) => slice.startsWith('hour=')))}

${sliceTable(evaluation.slices.filter(({ slice }) => slice.startsWith('origin=')))}

## Limits

- It knows neither weather nor the delays of the day. The share of late flights swings between 6 and 40 % from day to day; the model cannot follow, so that its
  calibration is right over seasons, not over days or calm weeks.
- Six months of one year: no other season, no trend, no events. Airlines, aircraft and connections are unknown to it.
- An airport that training did not see is treated as an average one; hours and days out of range take the nearest valid value.

## Ethical considerations

- Rows describe flights, not people; no personal data is used.
- Small and remote airports have few flights and less reliable figures: look at their slice before acting on it.
- Acting on predictions (moving staff) changes what happens later and with it the data for the next training.
`;
}

function sliceTable(slices: readonly Slice[]): string {
  const rows = slices.map(
    (slice) =>
      `| ${slice.slice} | ${slice.count} | ${slice.auc?.toFixed(3) ?? '–'} | ${slice.positive_rate.toFixed(3)} | ${slice.mean_score.toFixed(3)} |`,
  );
  return ['| slice | rows | AUC | observed rate | predicted rate |', '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n');
}
