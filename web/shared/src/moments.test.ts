import { expect, it } from 'vitest'

import { formatTime, inUtc, waysOf } from './moments'

it('shows a time in the reader’s zone, and in UTC', () => {
  const at = '2026-11-21T23:30:25.123Z'

  expect(formatTime(at, 'nl', 'Europe/Amsterdam')).toBe('22 nov 2026, 00:30')
  expect(formatTime(at, 'de', 'UTC')).toBe('21.11.2026, 23:30')
  expect(inUtc(at)).toBe('2026-11-21 23:30:25 UTC')
})

it('writes times as the reader’s country does, where it speaks the pages’ language', () => {
  expect(waysOf('en', ['nl-NL', 'en-GB', 'en'])).toBe('en-GB')
  expect(waysOf('fr', ['nl-NL', 'en-GB'])).toBe('fr')
  expect(formatTime('2026-11-21T23:30:25.123Z', 'en-GB', 'UTC')).toBe('21 Nov 2026, 23:30')
})
