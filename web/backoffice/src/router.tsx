import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import { filtersFrom } from './pages/orders/filters'
import { Layout } from './parts/Layout'
import { Broken, Lost } from './parts/Lost'

const root = createRootRoute({ component: Layout, notFoundComponent: Lost })

const text = (value: unknown) => (typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined)

const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview/Overview')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders',
    validateSearch: filtersFrom,
    component: lazyRouteComponent(() => import('./pages/orders/Orders')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders/$orderId',
    component: lazyRouteComponent(() => import('./pages/order/Order')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/products',
    validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search['q']) }),
    component: lazyRouteComponent(() => import('./pages/products/Products')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/products/$productId',
    component: lazyRouteComponent(() => import('./pages/products/Product')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/new-product',
    component: lazyRouteComponent(() => import('./pages/products/NewProduct')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/customers',
    validateSearch: (search: Record<string, unknown>): { q?: string } => ({ q: text(search['q']) }),
    component: lazyRouteComponent(() => import('./pages/customers/Customers')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/customers/$customerId',
    component: lazyRouteComponent(() => import('./pages/customers/Customer')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/imports',
    component: lazyRouteComponent(() => import('./pages/imports/Imports')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/imports/$importId',
    component: lazyRouteComponent(() => import('./pages/imports/Import')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/exports',
    component: lazyRouteComponent(() => import('./pages/exports/Exports')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/dead-letters',
    validateSearch: (search: Record<string, unknown>): { queue?: string } => ({ queue: text(search['queue']) }),
    component: lazyRouteComponent(() => import('./pages/deadLetters/DeadLetters')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/Settings')),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/health',
    component: lazyRouteComponent(() => import('./pages/health/Health')),
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
