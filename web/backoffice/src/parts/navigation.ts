import type { Text } from '../office'

/** The pages that there are, in the order of the navigation. */
export const NAVIGATION = [
  { to: '/', text: 'nav.overview' },
  { to: '/orders', text: 'nav.orders' },
  { to: '/products', text: 'nav.products' },
  { to: '/imports', text: 'nav.imports' },
  { to: '/dead-letters', text: 'nav.deadLetters' },
  { to: '/health', text: 'nav.health' },
] as const satisfies readonly { to: string; text: Text }[]
