import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

import { pollAfter } from '@orderproc/shared'

import { useApi, usePerson } from '../shop'
import { cartKey } from './useCart'

/** Milliseconds after an order was seen to be paid. What was bought leaves the cart soon after that. */
const CART_EMPTIED = [0, 3_000, 10_000]

export const orderKey = (orderId: string) => ['order', orderId]

/** The order as it stands, followed until it ends. */
export function useOrder(orderId: string) {
  const api = useApi()
  const person = usePerson()
  const client = useQueryClient()
  const changed = useRef({ status: '', at: 0 })
  const query = useQuery({
    queryKey: orderKey(orderId),
    queryFn: ({ signal }) => api.order(orderId, signal),
    enabled: person !== null || api.isGuests(orderId),
    refetchInterval: ({ state: { data } }) => {
      if (!data) return false
      if (changed.current.status !== data.status) changed.current = { status: data.status, at: Date.now() }
      return pollAfter(data, Date.now() - changed.current.at)
    },
  })

  const { data } = query
  const paid = Boolean(data?.payment)
  const sub = person?.sub
  useEffect(() => {
    if (!paid || !sub) return
    const timers = CART_EMPTIED.map((after) => setTimeout(() => void client.invalidateQueries({ queryKey: cartKey(sub) }), after))
    return () => timers.forEach(clearTimeout)
  }, [client, paid, sub])
  return query
}
