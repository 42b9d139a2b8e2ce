import { expect, it } from 'vitest'

import { mayCancel, pollAfter, wayOf } from './following'

const row = (status: 'PENDING' | 'VALIDATING' | 'FAILED') => ({ status, at: '2026-11-21T14:30:25.123Z', detail: '' })

it('asks often while things happen, then ever more rarely, and not at all after the end', () => {
  expect(pollAfter({ status: 'PENDING' }, 0)).toBe(1000)
  expect(pollAfter({ status: 'PENDING' }, 20_000)).toBe(5000)
  expect(pollAfter({ status: 'PENDING' }, 3_600_000)).toBe(30_000)
  expect(pollAfter({ status: 'CONFIRMED' }, 0)).toBe(30_000)
  expect(pollAfter({ status: 'COMPLETED' }, 0)).toBe(false)
})

it('shows what is to come after what was', () => {
  const way = wayOf({ status: 'VALIDATING', history: [row('PENDING'), row('VALIDATING')], fulfilment: 'manual' })

  expect(way.map(({ status }) => status)).toEqual([
    'PENDING', 'VALIDATING', 'INVENTORY_CHECK', 'PAYMENT_PROCESSING', 'CONFIRMED', 'FULFILLMENT', 'COMPLETED',
  ])
  expect(way.map(({ at }) => at !== null)).toEqual([true, true, false, false, false, false, false])
})

it('shows nothing to come of an order that failed', () => {
  const way = wayOf({ status: 'FAILED', history: [row('PENDING'), row('FAILED')], fulfilment: 'auto' })

  expect(way.map(({ status }) => status)).toEqual(['PENDING', 'FAILED'])
})

it('offers to cancel until something was shipped', () => {
  expect(mayCancel({ status: 'COMPLETED', shipment: null })).toBe(true)
  expect(mayCancel({ status: 'CANCELLED', shipment: null })).toBe(false)
})
