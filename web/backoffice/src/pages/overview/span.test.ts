import { expect, it } from 'vitest'

import { changeOf, spansOf } from './span'

it('compares today with the same hours of a week before', () => {
  const { today, before } = spansOf(new Date(2026, 10, 21, 14, 30, 25))

  expect(today).toEqual({ from: new Date(2026, 10, 21), to: new Date(2026, 10, 21, 15) })
  expect(before).toEqual({ from: new Date(2026, 10, 14), to: new Date(2026, 10, 14, 15) })
})

it('goes to the end of the day in its last hour', () => {
  expect(spansOf(new Date(2026, 10, 21, 23, 59)).today.to).toEqual(new Date(2026, 10, 22))
})

it('says by which share a number changed, where there is one to compare with', () => {
  expect(changeOf(5, 4)).toBe(0.25)
  expect(changeOf(0, 4)).toBe(-1)
  expect(changeOf(5, 0)).toBeNull()
  expect(changeOf(5, null)).toBeNull()
  expect(changeOf(null, 4)).toBeNull()
})
