import { expect, it } from 'vitest'

import type { Order } from '../../api'
import { leftToShip, mayRetry, maySend } from './allowed'

const items = [
  { productId: 'MOUSE001', name: 'Mouse', quantity: 3, price: 29.99 },
  { productId: 'CLOCK001', name: 'Clock', quantity: 1, price: 10 },
]
const shipped = (productId: string, quantity: number) => ({ items: [{ productId, quantity }] })

it('counts what is in no shipment yet', () => {
  expect(leftToShip({ items, shipments: [] })).toEqual(new Map([['MOUSE001', 3], ['CLOCK001', 1]]))
  expect(leftToShip({ items, shipments: [shipped('MOUSE001', 2), shipped('CLOCK001', 1)] })).toEqual(new Map([['MOUSE001', 1]]))
})

it('lets what is paid and not wholly shipped be shipped', () => {
  const order = { items, shipments: [] as Order['shipments'], status: 'CONFIRMED' } as Order

  expect(maySend(order)).toBe(true)
  expect(maySend({ ...order, status: 'PAYMENT_PROCESSING' })).toBe(false)
  expect(maySend({ ...order, status: 'COMPLETED', shipments: [shipped('MOUSE001', 3), shipped('CLOCK001', 1)] })).toBe(false)
})

it('lets what is stuck or marked be retried, and not what is being processed', () => {
  const at = Date.parse('2026-11-21T14:30:25.123Z')
  const order = { open: true, needsAttention: null as string | null, updatedAt: '2026-11-21T14:30:25.123Z' } as Order

  expect(mayRetry(order, at + 1000)).toBe(false)
  expect(mayRetry(order, at + 300_000)).toBe(true)
  expect(mayRetry({ ...order, open: false }, at + 300_000)).toBe(false)
  expect(mayRetry({ ...order, needsAttention: 'The refund was refused.' }, at)).toBe(true)
})
