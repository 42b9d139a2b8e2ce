/** What of a page is known before the shop is loaded. */
export interface Outline {
  /** Which of the outlines in shell.ts it has. */
  kind: 'catalogue' | 'product' | 'form' | 'list'
  /** Its heading, where that does not depend on data. */
  title?: string
  /** Its module in pages/, where it is loaded by itself. */
  module?: string
  /** Guests are sent to `/sign-in`. */
  customers?: true
}

/** By the router's path, with `$` for an id; a test compares them with the router's. */
export const OUTLINES: Record<string, Outline> = {
  '/': { kind: 'catalogue', title: 'catalogue.title' },
  '/products/$': { kind: 'product', module: 'product/Product' },
  '/cart': { kind: 'list', title: 'cart.title', module: 'cart/Cart' },
  '/checkout': { kind: 'list', title: 'checkout.title', module: 'checkout/Checkout' },
  '/orders': { kind: 'list', title: 'orders.title', module: 'orders/Orders', customers: true },
  '/orders/$': { kind: 'list', module: 'order/Order' },
  '/quick-order': { kind: 'form', title: 'quick.title', module: 'quickOrder/QuickOrder' },
  '/addresses': { kind: 'list', title: 'addresses.title', module: 'addresses/Addresses', customers: true },
  '/sign-in': { kind: 'form', title: 'signIn.title', module: 'account/SignIn' },
  '/create-account': { kind: 'form', title: 'create.title', module: 'account/CreateAccount' },
  '/forgotten-password': { kind: 'form', title: 'forgotten.title', module: 'account/ForgottenPassword' },
}

/** A hash such as `#/products/MOUSE001?x=1` as a path of OUTLINES and the id in it. */
export function placeOf(hash: string): { path: string; id: string; search: string } {
  const [whole = '', search = ''] = hash.replace(/^#/, '').split('?', 2)
  const [, first = '', id = ''] = whole.split('/')
  return { path: id ? `/${first}/$` : `/${first}`, id, search }
}
