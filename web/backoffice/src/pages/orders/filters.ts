import type { OrderFilters, Status } from '../../api'

export const STATUSES: readonly Status[] = [
  'PENDING', 'VALIDATING', 'INVENTORY_CHECK', 'PAYMENT_PROCESSING', 'CONFIRMED', 'FULFILLMENT', 'COMPLETED', 'FAILED', 'CANCELLED', 'REFUNDED',
]

const DAY = /^\d{4}-\d{2}-\d{2}$/
const day = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined)

/** The filters that an address has; what is none is left out. A number in it is one of an order. */
export function filtersFrom(search: Record<string, unknown>): OrderFilters {
  const { q } = search
  const filters = {
    q: typeof q === 'number' ? String(q) : typeof q === 'string' ? q.trim() || undefined : undefined,
    status: STATUSES.find((known) => known === search['status']),
    from: day(search['from']),
    to: day(search['to']),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}
