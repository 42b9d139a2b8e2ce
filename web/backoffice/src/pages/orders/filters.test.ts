import { expect, it } from 'vitest'

import { filtersFrom } from './filters'

it('keeps what is a filter, and nothing else', () => {
  expect(filtersFrom({ status: 'CONFIRMED' })).toEqual({ status: 'CONFIRMED' })
  expect(filtersFrom({ status: 'confirmed', limit: '1000' })).toEqual({})
  expect(filtersFrom({ status: ['CONFIRMED'] })).toEqual({})
  expect(filtersFrom({ q: ' ', from: '2026-11-2', to: '2026-11-21' })).toEqual({ to: '2026-11-21' })
  expect(filtersFrom({ q: 100482 })).toEqual({ q: '100482' })
})
