import type { Text } from '../office'

/** The pages that there are, in the order of the navigation. */
export const NAVIGATION = [
  { to: '/orders', text: 'nav.orders' },
] as const satisfies readonly { to: string; text: Text }[]
