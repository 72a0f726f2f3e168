/** A colour along a third measure, 0 to 1: from the colour of the first series to that of the second; grey where it is missing. */
export function shadeOf(place: number | undefined): string {
  if (place === undefined) return 'var(--reference)';
  return `color-mix(in oklab, var(--series-2) ${Math.round(place * 100)}%, var(--series-1))`;
}
