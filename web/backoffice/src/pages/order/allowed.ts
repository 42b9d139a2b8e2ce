import { mayCancel } from '@orderproc/shared'

import type { Order } from '../../api'

/** Units that are in no shipment yet, by product. */
export function leftToShip({ items, shipments }: Pick<Order, 'items' | 'shipments'>): Map<string, number> {
  const left = new Map(items.map(({ productId, quantity }) => [productId, quantity]))
  for (const { productId = '', quantity = 0 } of (shipments ?? []).flatMap((shipment) => shipment.items ?? [])) {
    left.set(productId, (left.get(productId) ?? 0) - quantity)
  }
  return new Map([...left].filter(([, quantity]) => quantity > 0))
}

/** What the order's state allows now; the API decides when it is asked. */
export const maySend = (order: Order) => ['CONFIRMED', 'FULFILLMENT', 'COMPLETED'].includes(order.status) && leftToShip(order).size > 0
export const mayCallOff = (order: Order) => mayCancel(order)

/** Milliseconds after which an order that is open and has not changed is taken for stuck. */
const STUCK = 120_000
export const mayRetry = (order: Order, now = Date.now()) =>
  order.needsAttention !== null || (order.open && now - Date.parse(order.updatedAt) > STUCK)
