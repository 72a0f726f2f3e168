import { type Problem, type Token, tokenize } from './lexer.ts';

/** Walks over the tokens of a text. */
export interface Reader {
  peek(): Token;
  take(): Token;
  /** Takes the next token if it is this word (any case) or symbol. */
  accept(text: string): boolean;
  expect(text: string): void;
  problem(what: string, token?: Token): Error;
}

/** @throws what `problem` makes when the text has a character without a meaning */
export function createReader(text: string, problem: Problem): Reader {
  const tokens = tokenize(text, problem);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', position: text.length, end: text.length };
  const problemAt = (what: string, token = peek()) => problem(token.position, what);
  const accept = (wanted: string) => {
    const token = peek();
    const fits = (token.kind === 'word' || token.kind === 'symbol') && token.text.toLowerCase() === wanted;
    if (fits) next++;
    return fits;
  };
  return {
    peek,
    accept,
    problem: problemAt,
    take() {
      const token = peek();
      next++;
      return token;
    },
    expect(wanted) {
      if (!accept(wanted)) throw problemAt(`"${wanted}" was expected`);
    },
  };
}
