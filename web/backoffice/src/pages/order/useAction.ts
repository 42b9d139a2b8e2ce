import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Problem } from '@orderproc/shared'

import type { Order } from '../../api'
import { useTexts } from '../../office'
import { orderKey, timelineKey } from './useOrder'

/** Something that staff do to the order as they saw it when they asked for it. If it was refused, the order is asked for again: someone else may have been first, and
 *  what the order has become is then shown. */
export function useAction(order: Order, act: (seen: Order) => Promise<Order>, done: () => void) {
  const [seen] = useState(order)
  const client = useQueryClient()
  const t = useTexts()
  const key = orderKey(order.orderId)
  return useMutation({
    mutationFn: async () => {
      try {
        return await act(seen)
      } catch (error) {
        throw error instanceof Problem && error.status === 409 ? await conflict(error) : error
      }
    },
    onSuccess: (changed) => {
      client.setQueryData(key, changed)
      void client.invalidateQueries({ queryKey: ['orders'] })
      void client.invalidateQueries({ queryKey: timelineKey(order.orderId) })
      done()
    },
    onError: () => void client.invalidateQueries({ queryKey: key }),
  })

  async function conflict(refusal: Problem): Promise<Error> {
    await client.refetchQueries({ queryKey: key })
    const now = client.getQueryData<Order>(key)
    if (!now || now.status === seen.status) return refusal
    return new Error(t('conflict', { status: t(`status.${now.status}`), detail: refusal.message }))
  }
}
