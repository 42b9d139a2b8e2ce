import { expect, it } from 'vitest'

import { filtersFrom } from './filters'

it('keeps what is a filter, and nothing else', () => {
  expect(filtersFrom({ status: 'CONFIRMED' })).toEqual({ status: 'CONFIRMED' })
  expect(filtersFrom({ status: 'confirmed', limit: '1000' })).toEqual({})
  expect(filtersFrom({ status: ['CONFIRMED'] })).toEqual({})
})
