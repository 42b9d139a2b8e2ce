/** A stretch of time of the reader's. */
export interface Span {
  from: Date
  to: Date
}

/** Today so far, to the end of the running hour, and the same hours of the same weekday a week before. */
export function spansOf(now: Date): { today: Span; before: Span } {
  const hour = now.getHours() + 1
  const day = (shift: number): Span => {
    const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift)
    const to = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift, hour)
    return { from, to }
  }
  return { today: day(0), before: day(-7) }
}

/** By how much `now` differs from `before`, as a share of it: 0.25 for a quarter more. Null where there is nothing to compare. */
export function changeOf(now: number | null | undefined, before: number | null | undefined): number | null {
  return now === null || now === undefined || !before ? null : now / before - 1
}
