import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import { Layout } from './parts/Layout'
import { Broken, Lost } from './parts/Lost'
import { pathOf } from './pages/account/useNext'
// With the entry, as most visits begin here: no further round trip before products are shown.
import Catalogue from './pages/catalogue/Catalogue'

const root = createRootRoute({ component: Layout, notFoundComponent: Lost })
const text = (value: unknown) => (typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined)
/** Pages of signing in go on to where the person came from. */
const withNext = (search: Record<string, unknown>): { next?: string } => ({ next: pathOf(search['next']) })

const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search['q']) }),
    component: Catalogue,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/products/$productId',
    component: lazyRouteComponent(() => import('./pages/product/Product')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/cart',
    component: lazyRouteComponent(() => import('./pages/cart/Cart')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/checkout',
    component: lazyRouteComponent(() => import('./pages/checkout/Checkout')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders',
    component: lazyRouteComponent(() => import('./pages/orders/Orders')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders/$orderId',
    component: lazyRouteComponent(() => import('./pages/order/Order')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/quick-order',
    validateSearch: (search: Record<string, unknown>): { order?: string } => ({ order: text(search['order']) }),
    component: lazyRouteComponent(() => import('./pages/quickOrder/QuickOrder')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/addresses',
    component: lazyRouteComponent(() => import('./pages/addresses/Addresses')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: withNext,
    component: lazyRouteComponent(() => import('./pages/account/SignIn')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/create-account',
    validateSearch: withNext,
    component: lazyRouteComponent(() => import('./pages/account/CreateAccount')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/forgotten-password',
    validateSearch: withNext,
    component: lazyRouteComponent(() => import('./pages/account/ForgottenPassword')),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(pages),
  history: createHashHistory(),
  defaultPreload: 'intent',
  scrollRestoration: false,
  defaultErrorComponent: Broken,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
