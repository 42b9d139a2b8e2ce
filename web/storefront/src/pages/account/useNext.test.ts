import { expect, it } from 'vitest'

import { pathOf } from './useNext'

it('goes on to a path of this shop, and nowhere else', () => {
  expect(pathOf('/checkout')).toBe('/checkout')
  for (const other of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', 7, undefined]) {
    expect(pathOf(other)).toBeUndefined()
  }
})
