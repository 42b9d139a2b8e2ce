import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { isTemporary, SignedOut } from '@orderproc/shared'

import type { Cart } from '../api'
import { usePerson, useShop, useTexts } from '../shop'
import { Note } from './states'
import { cartKey, useGuestLines } from './useCart'

/** Puts what a guest had in the cart into the customer's, on signing in. What can't be put there is named. */
export function CartMerge() {
  const { api, guestCart } = useShop()
  const person = usePerson()
  const lines = useGuestLines()
  const client = useQueryClient()
  const t = useTexts()
  const [left, setLeft] = useState<string[]>([])
  const sub = person?.sub
  const waiting = sub !== undefined && lines.length > 0

  useEffect(() => {
    if (!waiting) return
    let over = false
    const merge = async () => {
      let cart: Cart = await api.cart()
      const had = cart.items.map((item) => ({ productId: item.productId ?? '', quantity: item.quantity ?? 0 }))
      const refused: string[] = []
      for (const { productId, quantity } of guestCart.merge(sub, had)) {
        try {
          cart = await api.putCartItem(productId, quantity)
        } catch (error) {
          if (isTemporary(error) || error instanceof SignedOut) throw error
          refused.push(productId)
        }
        if (over) return
      }
      guestCart.clear()
      client.setQueryData(cartKey(sub), cart)
      setLeft(refused)
    }
    // What failed for now is tried again with the next page: the guest's cart is still there.
    void merge().catch(() => undefined)
    return () => {
      over = true
    }
  }, [api, client, guestCart, sub, waiting])

  return left.length > 0 ? <Note kind="warning">{t('cart.notMerged', { products: left.join(', ') })}</Note> : null
}
