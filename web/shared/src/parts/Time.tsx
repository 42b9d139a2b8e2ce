import { formatClock, formatTime, inUtc, useLanguage, waysOf } from '../index'

/** In the reader's zone; in UTC on hover. `clock` leaves out the day. */
export function Time({ at, clock = false }: { at: string; clock?: boolean }) {
  const { locale } = useLanguage()
  const ways = waysOf(locale, navigator.languages)
  return (
    <time dateTime={at} title={inUtc(at)} className="number">
      {clock ? formatClock(at, ways) : formatTime(at, ways)}
    </time>
  )
}
