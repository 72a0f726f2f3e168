import { type Encoder, type FeatureTable, featureNames, type Key, keySizes } from './features.ts';
import type { DenseWeights } from './network.ts';
import { createOnnxBuilder, type OnnxBuilder } from './onnx.ts';

/** The whole model as one ONNX graph: raw inputs as a client has them, feature tables, network, probability. */
export function exportOnnx(encoder: Encoder, weights: readonly DenseWeights[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const graph = createOnnxBuilder();
  const positions = keyPositions(graph, encoder);
  const columns = encoder.tables.map((table) => lookUp(graph, encoder, table, positions));
  columns.push(distanceColumn(graph, encoder));
  let value = graph.node('Concat', columns, { output: 'features', attributes: { axis: { int: 1 } } });
  for (const [at, layer] of weights.entries()) {
    const kernel = graph.floats(`layer_${at}_kernel`, layer.kernel, [layer.inputs, layer.units]);
    const bias = graph.floats(`layer_${at}_bias`, layer.bias, [layer.units]);
    value = graph.node('Gemm', [value, kernel, bias], { output: `layer_${at}` });
    if (at < weights.length - 1) value = graph.node('Relu', [value], { output: `layer_${at}_active` });
  }
  const probabilities = graph.node('Sigmoid', [value], { output: 'probabilities' });
  graph.node('Squeeze', [probabilities, graph.integers('last_axis', [1], [1])], { output: 'probability' });
  graph.output('probability', 'FLOAT', 'Probability of arriving late, 0 to 1.');
  return graph.build({
    name: 'flight_delay',
    description: 'Probability that a flight arrives late. Features are computed inside the graph.',
    metadata: { ...metadata, features: featureNames(encoder).join(',') },
  });
}

/** The inputs as positions in the tables. An unknown airport becomes 0; hours and days outside their range take the nearest. */
function keyPositions(graph: OnnxBuilder, encoder: Encoder): Readonly<Record<Key, string>> {
  const airport = (key: 'origin' | 'destination') =>
    graph.node('LabelEncoder', [graph.input(key, 'STRING', `IATA code of the ${key} airport.`)], {
      output: `${key}_position`,
      ml: true,
      attributes: {
        keys_strings: { strings: encoder.airports },
        values_int64s: { ints: encoder.airports.map((_, at) => at + 1) },
        default_int64: { int: 0 },
      },
    });
  const origin = airport('origin');
  const destination = airport('destination');
  graph.input('distance', 'FLOAT', 'Distance of the route in miles.');
  const clip = (key: 'hour' | 'day_of_week', low: number, high: number) =>
    graph.node('Clip', [key, graph.integers(`${key}_low`, [low], []), graph.integers(`${key}_high`, [high], [])], {
      output: `${key}_clipped`,
    });
  graph.input('hour', 'INT64', 'Hour of departure, local time, 0 to 23.');
  graph.input('day_of_week', 'INT64', 'Day of departure, 1 (Monday) to 7 (Sunday).');
  const day = graph.node('Sub', [clip('day_of_week', 1, 7), graph.integers('one', [1], [])], { output: 'day_of_week_position' });
  return { origin, destination, hour: clip('hour', 0, 23), day_of_week: day };
}

function lookUp(graph: OnnxBuilder, encoder: Encoder, table: FeatureTable, positions: Readonly<Record<Key, string>>): string {
  const sizes = keySizes(encoder);
  const [first, second] = table.keys;
  let cell = positions[first ?? 'hour'];
  if (second !== undefined) {
    const scaled = graph.node('Mul', [cell, graph.integers(`${table.name}_size`, [sizes[second]], [])], { output: `${table.name}_row` });
    cell = graph.node('Add', [scaled, positions[second]], { output: `${table.name}_cell` });
  }
  const width = table.columns.length;
  const values = graph.floats(`${table.name}_table`, table.values, [table.values.length / width, width]);
  return graph.node('Gather', [values, cell], { output: `${table.name}_features` });
}

function distanceColumn(graph: OnnxBuilder, { distance }: Encoder): string {
  const scalar = (name: string, value: number) => graph.floats(`distance_${name}`, Float32Array.of(value), []);
  const mean = scalar('mean', distance.mean);
  const missing = graph.node('IsNaN', ['distance'], { output: 'distance_missing' });
  const clipped = graph.node('Clip', ['distance', scalar('low', 0), scalar('high', distance.maximum)], { output: 'distance_clipped' });
  const filled = graph.node('Where', [missing, mean, clipped], { output: 'distance_filled' });
  const centred = graph.node('Sub', [filled, mean], { output: 'distance_centred' });
  const scaled = graph.node('Div', [centred, scalar('deviation', distance.deviation)], { output: 'distance_scaled' });
  return graph.node('Unsqueeze', [scaled, graph.integers('column_axis', [1], [1])], { output: 'distance_features' });
}
