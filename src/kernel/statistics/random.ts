/** A stream of pseudo-random numbers that depends on its seed alone. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1) with 32 bits. */
  readonly next: () => number;
  /** Uniform in 0 … bound-1; bound up to 2^31. */
  readonly integer: (bound: number) => number;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The 32-bit outputs of xoshiro128** from a raw state (Blackman and Vigna, 2018, prng.di.unimi.it/xoshiro128starstar.c). */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** Spreads a seed over the state, as the authors advise (SplitMix, Steele et al. 2014; the 32-bit finaliser of MurmurHash3). */
function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) | 0;
  };
}

/** The same seed gives the same stream on every machine; seeds are integers, taken modulo 2^32. */
export function seededRandom(seed: number): Random {
  const spread = splitMix(seed);
  const generate = xoshiro128([spread(), spread(), spread(), spread()]);
  const next = (): number => generate() / 4294967296;
  return { next, integer: (bound) => Math.floor(next() * bound) };
}
