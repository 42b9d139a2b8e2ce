import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'

import { pollAfter } from '@orderproc/shared'

import { useApi } from '../../office'

export const orderKey = (orderId: string) => ['order', orderId]
export const timelineKey = (orderId: string) => ['timeline', orderId]

/** Milliseconds until an order that has ended is asked for again: others of the staff may be at it. */
const ENDED = 20_000

/** The order as it stands, followed for as long as it is looked at: often while it is processed, then every now and then. */
export function useOrder(orderId: string) {
  const api = useApi()
  const changed = useRef({ at: 0, updatedAt: '' })
  return useQuery({
    queryKey: orderKey(orderId),
    queryFn: ({ signal }) => api.order(orderId, signal),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => {
      if (!data) return false
      if (changed.current.updatedAt !== data.updatedAt) changed.current = { updatedAt: data.updatedAt, at: Date.now() }
      return Math.min(pollAfter(data, Date.now() - changed.current.at) || ENDED, ENDED)
    },
  })
}
