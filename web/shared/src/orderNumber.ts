import type { components } from './api.generated'

type Order = components['schemas']['Order']

/** What people call the order: its number, or the beginning of its id as long as it has none. */
export const numberOf = ({ orderNumber, orderId }: Pick<Order, 'orderNumber' | 'orderId'>) => orderNumber ?? orderId.slice(0, 8)
