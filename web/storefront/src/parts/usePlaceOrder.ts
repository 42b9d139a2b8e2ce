import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'

import { isTemporary, SignedOut } from '@orderproc/shared'

import type { Accepted } from '../api'
import { Attempts, type Attempt } from '../attempt'
import { useShop } from '../shop'

/** Sends an order so that one comes of it, however often it is pressed, repeated or reloaded. `name` keeps the orders of
 *  several forms apart. */
export function usePlaceOrder<Body>(name: string, send: (body: Body, key: string) => Promise<Accepted>, done: (accepted: Accepted) => void) {
  const { tab } = useShop()
  const [attempts] = useState(() => new Attempts<Body>(name, tab))
  const [open, setOpen] = useState<Attempt<Body> | null>(() => attempts.open())
  const sending = useRef(false)

  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async (body: Body) => {
      const attempt = attempts.begin(body)
      try {
        const accepted = await send(attempt.body, attempt.key)
        attempts.close()
        return accepted
      } catch (failure) {
        // Only an answer tells that nothing came of it.
        if (!isTemporary(failure) && !(failure instanceof SignedOut)) attempts.close()
        throw failure
      }
    },
    onSuccess: done,
    onSettled: () => {
      sending.current = false
      setOpen(attempts.open())
    },
  })
  return {
    place: (body: Body) => {
      // A second click comes before the button is drawn as disabled.
      if (sending.current) return
      sending.current = true
      mutate(body)
    },
    isPending,
    error,
    /** An order whose answer never came: it may have been accepted. */
    open,
    /** To go on without knowing. */
    giveUp: () => {
      attempts.close()
      setOpen(null)
      reset()
    },
  }
}
