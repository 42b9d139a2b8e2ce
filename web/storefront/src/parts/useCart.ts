import { queryOptions, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'

import { Problem, sum, times } from '@orderproc/shared'

import type { Api, Cart, Product } from '../api'
import { MOST, type GuestLine } from '../guestCart'
import { usePerson, useShop } from '../shop'

export type LineProblem = 'WITHDRAWN' | 'CURRENCY' | 'TOO_LARGE' | 'SHORT'

export interface CartLine {
  productId: string
  name: string
  quantity: number
  price: number | null
  currency: string
  lineTotal: number | string | null
  problem: LineProblem | null
  imageUrl: string | null
}

export interface ShownCart {
  lines: CartLine[]
  currency: string
  total: number | string
  /** Units, as far as they are known. */
  count: number
  isPending: boolean
  error: Error | null
  refetch: () => void
}

export const cartKey = (sub: string) => ['cart', sub]
export const productKey = (productId: string) => ['product', productId]

export const productQuery = (api: Api, productId: string) =>
  queryOptions({ queryKey: productKey(productId), queryFn: ({ signal }) => api.product(productId, signal) })

/** The current visitor's cart: a customer's is in the API, a guest's in this browser at the catalogue's prices. */
export function useCart(): ShownCart {
  const person = usePerson()
  const customer = useCustomerCart(person?.sub ?? null)
  const guest = useGuestCart(person === null)
  return person ? customer : guest
}

function useCustomerCart(sub: string | null): ShownCart {
  const { api } = useShop()
  const { data, isPending, error, refetch } = useQuery({
    queryKey: cartKey(sub ?? ''),
    queryFn: ({ signal }) => api.cart(signal),
    enabled: sub !== null,
    // It changes by orders, and in other tabs: every page that shows it looks.
    staleTime: 0,
  })
  const lines = linesOf(data)
  return {
    lines,
    currency: data?.currency ?? 'EUR',
    total: data?.total ?? 0,
    count: unitsIn(lines),
    isPending,
    error: data ? null : error,
    refetch: () => void refetch(),
  }
}

const linesOf = (cart: Cart | undefined): CartLine[] =>
  (cart?.items ?? []).map((item) => ({
    productId: item.productId ?? '',
    name: item.name ?? '',
    quantity: item.quantity ?? 0,
    price: item.price ?? null,
    currency: item.currency ?? cart?.currency ?? 'EUR',
    lineTotal: item.lineTotal ?? null,
    problem: item.problem ?? null,
    imageUrl: item.imageUrl ?? null,
  }))

export function useGuestLines(): GuestLine[] {
  const { guestCart } = useShop()
  return useSyncExternalStore(guestCart.subscribe, guestCart.read)
}

function useGuestCart(enabled: boolean): ShownCart {
  const { api } = useShop()
  const kept = useGuestLines()
  const products = useQueries({
    queries: kept.map(({ productId }) => ({
      queryKey: productKey(productId),
      queryFn: ({ signal }: { signal: AbortSignal }) => productOrNone(api.productNow(productId, signal)),
      staleTime: 0,
      enabled,
    })),
  })
  const loaded = products.map(({ data }) => data)
  const currency = loaded.find((product) => product)?.currency ?? 'EUR'
  const lines = kept.map((line, n) => guestLine(line, loaded[n], currency))
  const payable = lines.filter((line) => line.problem === null || line.problem === 'SHORT')
  return {
    lines,
    currency,
    total: sum(payable.map((line) => line.lineTotal ?? 0)),
    count: unitsIn(lines),
    isPending: products.some((query) => query.isPending),
    error: products.find((query) => query.error && !query.data)?.error ?? null,
    refetch: () => products.forEach((query) => void query.refetch()),
  }
}

function guestLine({ productId, quantity }: GuestLine, product: Product | null | undefined, currency: string): CartLine {
  const known = { productId, quantity, name: product?.name ?? productId, currency: product?.currency ?? currency, imageUrl: product?.imageUrl ?? null }
  if (!product) return { ...known, price: null, lineTotal: null, problem: product === null ? 'WITHDRAWN' : null }
  const problem = product.currency !== currency ? 'CURRENCY' : product.stock < quantity ? 'SHORT' : null
  return { ...known, price: product.price, lineTotal: times(product.price, quantity), problem }
}

/** Null for a product that was withdrawn. */
async function productOrNone(answer: Promise<Product>): Promise<Product | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  }
}

/** How many units are in the cart, without asking for a guest's products. */
export function useCartCount(): number {
  const person = usePerson()
  const customer = useCustomerCart(person?.sub ?? null)
  const guest = useGuestLines()
  return person ? customer.count : unitsIn(guest)
}

const unitsIn = (lines: readonly { quantity: number }[]) => lines.reduce((units, line) => units + line.quantity, 0)

/** Sets how many of a product are in the cart: 0 takes it out. */
export function useSetQuantity() {
  const { api, guestCart } = useShop()
  const person = usePerson()
  const client = useQueryClient()
  return useMutation({
    scope: { id: 'cart' },
    mutationFn: async ({ productId, quantity }: { productId: string; quantity: number }) => {
      if (!person) return guestCart.set(productId, quantity)
      const cart = await (quantity < 1 ? api.removeCartItem(productId) : api.putCartItem(productId, quantity))
      client.setQueryData(cartKey(person.sub), cart)
    },
  })
}

/** Adds to what is in the cart already. */
export function useAddToCart() {
  const { api, guestCart } = useShop()
  const person = usePerson()
  const client = useQueryClient()
  const setQuantity = useSetQuantity()
  const { mutateAsync } = setQuantity
  const add = useCallback(
    async (productId: string, quantity: number) => {
      const had = person
        ? linesOf(await client.ensureQueryData({ queryKey: cartKey(person.sub), queryFn: () => api.cart() }))
        : guestCart.read()
      const before = had.find((line) => line.productId === productId)?.quantity ?? 0
      await mutateAsync({ productId, quantity: Math.min(before + quantity, MOST) })
    },
    [api, client, guestCart, mutateAsync, person],
  )
  return { add, isPending: setQuantity.isPending }
}
