/** The reader's own way with the pages' language: `en-GB` writes times as `en` does not. */
export function waysOf(locale: string, languages: readonly string[]): string {
  return languages.find((language) => language.split('-')[0] === locale) ?? locale
}

/** A time of the API (UTC, RFC 3339) in the reader's own zone. */
export function formatTime(at: string, locale: string, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }
  return new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options).format(new Date(at))
}

/** Hours and minutes alone, with seconds: for steps that follow each other within a minute. */
export function formatClock(at: string, locale: string, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { timeStyle: 'medium' }
  return new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options).format(new Date(at))
}

/** The same moment in UTC, to the second: `2026-11-21 14:30:25 UTC`. */
export function inUtc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Whether two moments fall on one day of the reader's. */
export function sameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}
