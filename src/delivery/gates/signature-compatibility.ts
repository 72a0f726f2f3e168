import type { GateFacts, Signature, SignatureTensor } from './gate-facts.ts';
import { missingFact, type GateCheck, type GateRules } from './gate-rules.ts';

export function signatureCompatible(facts: GateFacts, rules: GateRules): readonly GateCheck[] {
  if (rules.signature === undefined) return [];
  const name = 'signature_compatible';
  if (facts.signature === undefined) return [missingFact(name, 'The candidate has no signature.')];
  if (facts.production === undefined) return [missingFact(name, 'It is not known what serves in production.')];
  if (facts.production.state === 'none') return [{ name, outcome: 'passed', explanation: 'Nothing serves in production yet.' }];
  if (facts.production.signature === undefined) return [missingFact(name, 'The version in production has no signature to compare with.')];
  const breaks = signatureBreaks(facts.production.signature, facts.signature, rules.signature);
  return [
    {
      name,
      outcome: breaks.length === 0 ? 'passed' : 'refused',
      value: breaks.length,
      threshold: 0,
      explanation: breaks.length === 0 ? `Callers of version ${facts.production.version} can stay as they are.` : breaks.join(' '),
    },
  ];
}

/** What a caller of `old` would notice when `next` answers instead, one sentence each; empty when nothing. */
export function signatureBreaks(old: Signature, next: Signature, mode: 'strict' | 'compatible'): readonly string[] {
  const known = new Set(old.inputs.map((input) => input.name));
  const added = next.inputs
    .filter((input) => !known.has(input.name) && (mode === 'strict' || input.optional !== true))
    .map((input) => `Callers do not send the input ${input.name}.`);
  const promised = new Set(old.outputs.map((output) => output.name));
  const extra = mode === 'strict' ? next.outputs.filter((output) => !promised.has(output.name)) : [];
  return [
    ...old.inputs.flatMap((input) => tensorBreaks('input', input, { among: next.inputs, mode })),
    ...added,
    ...old.outputs.flatMap((output) => tensorBreaks('output', output, { among: next.outputs, mode })),
    ...extra.map((output) => `The output ${output.name} is new.`),
  ];
}

function tensorBreaks(
  side: 'input' | 'output',
  old: SignatureTensor,
  { among, mode }: { readonly among: readonly SignatureTensor[]; readonly mode: 'strict' | 'compatible' },
): readonly string[] {
  const next = among.find((tensor) => tensor.name === old.name);
  if (next === undefined) return [`The ${side} ${old.name} is gone.`];
  const named = `The ${side} ${old.name}`;
  const breaks = next.datatype === old.datatype ? [] : [`${named} is ${next.datatype} instead of ${old.datatype}.`];
  // An input may take more than before, an output may give less variety than before; never the other way.
  const [narrow, wide] = side === 'input' ? [old, next] : [next, old];
  const fits = mode === 'strict' ? sameShape(old.shape, next.shape) : fitsIn(narrow.shape, wide.shape);
  if (!fits) breaks.push(`${named} has the shape [${next.shape.join(', ')}] instead of [${old.shape.join(', ')}].`);
  if (side === 'input' && old.optional === true && next.optional !== true) breaks.push(`${named} can no longer be left out.`);
  return breaks;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, index) => size === b[index]);
}

function fitsIn(narrow: readonly number[], wide: readonly number[]): boolean {
  return narrow.length === wide.length && narrow.every((size, index) => wide[index] === -1 || wide[index] === size);
}
