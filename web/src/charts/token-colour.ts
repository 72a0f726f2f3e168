/** Colour of a token as the canvas wants it: tokens are `light-dark()` pairs, which only the browser resolves, on an element. */
export function tokenColour(element: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${token})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [], [6, 3], [2, 2], [8, 3, 2, 3]];

/** Token of the n-th series; colours repeat after eight. */
export function seriesToken(index: number): string {
  return index < 0 ? 'reference' : `series-${(index % 8) + 1}`;
}

/** Dash of the n-th series, so that series differ without colour as well; the reference has its own. */
export function seriesDash(index: number): readonly number[] {
  return index < 0 ? [4, 4] : (dashes[index % dashes.length] ?? []);
}
