/** The next round number, so that half of it is readable, too: 2, 4, 10, 20, 40, 100 … */
export function ceilingOf(highest: number): number {
  if (highest <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(highest))
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((round) => round >= highest && (round / 2) % 1 === 0) ?? 10 * power
}
