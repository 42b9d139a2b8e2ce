import type { components } from './api.generated'

/** As all callers see it: staff see more. */
type Order = components['schemas']['Order']
type Status = Order['status']

const ENDED: readonly Status[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'REFUNDED']
export const UNSUCCESSFUL: readonly Status[] = ['FAILED', 'CANCELLED', 'REFUNDED']

export const hasEnded = (order: Pick<Order, 'status'>) => ENDED.includes(order.status)

/** Whether its customer may still call it off: nothing is shipped, and it did not end badly. */
export const mayCancel = (order: Pick<Order, 'status' | 'shipment'>) => !UNSUCCESSFUL.includes(order.status) && !order.shipment

/** The processing is done: CONFIRMED waits for staff to ship it. */
export const mayBeJudged = (order: Pick<Order, 'status'>) => hasEnded(order) || order.status === 'CONFIRMED'

/** Milliseconds until an order is asked for again, so many after its last change: often at first, then ever more rarely.
 *  False once it has ended. */
export function pollAfter(order: Pick<Order, 'status'>, sinceChange: number): number | false {
  if (hasEnded(order)) return false
  const slowest = 30_000
  if (order.status === 'CONFIRMED') return slowest
  return Math.min(Math.max(sinceChange / 4, 1000), slowest)
}

/** The statuses on an order's way, in order: those it had, then those to come if all goes well. */
export function wayOf(order: Pick<Order, 'status' | 'history' | 'fulfilment'>): { status: Status; at: string | null }[] {
  const had = order.history.map(({ status, at }) => ({ status: status as Status, at: at as string | null }))
  const whole: Status[] = [
    'PENDING',
    'VALIDATING',
    'INVENTORY_CHECK',
    'PAYMENT_PROCESSING',
    ...(order.fulfilment === 'manual' ? (['CONFIRMED'] as const) : []),
    'FULFILLMENT',
    'COMPLETED',
  ]
  if (UNSUCCESSFUL.includes(order.status)) return had
  const last = whole.indexOf(order.status)
  return [...had, ...whole.slice(last + 1).map((status) => ({ status, at: null }))]
}
