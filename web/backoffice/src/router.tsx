import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'

import { filtersFrom } from './pages/orders/filters'
import { Layout } from './parts/Layout'
import { Broken, Lost } from './parts/Lost'

const root = createRootRoute({ component: Layout, notFoundComponent: Lost })

const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/orders' })
    },
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
