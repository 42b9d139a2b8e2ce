import { expect, it } from 'vitest'

import { ceilingOf } from './ceiling'

it.each([[0, 2], [1, 2], [3, 4], [5, 6], [9, 10], [11, 20], [37, 40], [199, 200], [1234, 2000]])('%i orders are drawn up to %i', (highest, top) => {
  expect(ceilingOf(highest)).toBe(top)
})
