import type { OrderFilters, Status } from '../../api'

export const STATUSES: readonly Status[] = [
  'PENDING', 'VALIDATING', 'INVENTORY_CHECK', 'PAYMENT_PROCESSING', 'CONFIRMED', 'FULFILLMENT', 'COMPLETED', 'FAILED', 'CANCELLED', 'REFUNDED',
]

/** The filters that an address has; what is none is left out. */
export function filtersFrom(search: Record<string, unknown>): OrderFilters {
  const status = STATUSES.find((known) => known === search['status'])
  return status ? { status } : {}
}
