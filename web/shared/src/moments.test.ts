import { expect, it } from 'vitest'

import { formatTime, inUtc } from './moments'

it('shows a time in the reader’s zone, and in UTC', () => {
  const at = '2026-11-21T23:30:25.123Z'

  expect(formatTime(at, 'nl', 'Europe/Amsterdam')).toBe('22 nov 2026, 00:30')
  expect(formatTime(at, 'de', 'UTC')).toBe('21.11.2026, 23:30')
  expect(inUtc(at)).toBe('2026-11-21 23:30:25 UTC')
})
