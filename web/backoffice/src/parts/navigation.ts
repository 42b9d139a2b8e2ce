import type { Permission } from '../api'
import type { Text } from '../office'

/** The pages that there are, in the order of the navigation, and what a role must allow for them. */
export const NAVIGATION = [
  { to: '/', text: 'nav.overview', permission: 'read' },
  { to: '/orders', text: 'nav.orders', permission: 'read' },
  { to: '/products', text: 'nav.products', permission: 'read' },
  { to: '/customers', text: 'nav.customers', permission: 'read' },
  { to: '/imports', text: 'nav.imports', permission: 'read' },
  { to: '/exports', text: 'nav.exports', permission: 'exports' },
  { to: '/dead-letters', text: 'nav.deadLetters', permission: 'dead_letters' },
  { to: '/health', text: 'nav.health', permission: 'read' },
  { to: '/settings', text: 'nav.settings', permission: 'roles' },
] as const satisfies readonly { to: string; text: Text; permission: Permission }[]
