import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { ButtonTo } from '@orderproc/shared/parts/LinkTo'

import type { Accepted, GuestCheckoutBody } from '../../api'
import { Page } from '../../parts/Page'
import { ToSignIn } from '../../parts/SignedIn'
import { Empty, Failed, Loading } from '../../parts/states'
import { Unanswered } from '../../parts/Unanswered'
import { cartKey, useCart } from '../../parts/useCart'
import { usePlaceOrder } from '../../parts/usePlaceOrder'
import { usePerson, useShop, useTexts } from '../../shop'
import { CheckoutForm } from './CheckoutForm'

/** What is sent, and for whom: an order that was begun as one customer is not finished as another. */
export interface Sent {
  sub: string | null
  body: Omit<GuestCheckoutBody, 'items' | 'customerEmail'> & Partial<Pick<GuestCheckoutBody, 'items' | 'customerEmail'>>
}

export default function Checkout() {
  const { api, guestCart, session, tab } = useShop()
  const person = usePerson()
  const sub = person?.sub ?? null
  const cart = useCart()
  const client = useQueryClient()
  const navigate = useNavigate()
  const t = useTexts()

  const send = ({ body, sub: whose }: Sent, key: string): Promise<Accepted> =>
    whose === null ? api.guestCheckout(body as GuestCheckoutBody, key) : api.checkout(body, key)
  const done = ({ orderId }: Accepted) => {
    tab.removeItem('orderproc.checkout')
    if (sub === null) guestCart.clear()
    else void client.invalidateQueries({ queryKey: cartKey(sub) })
    void navigate({ to: '/orders/$orderId', params: { orderId }, replace: true })
  }
  const order = usePlaceOrder<Sent>('checkout', send, done)
  // It ended by itself, perhaps as the order was sent: then what is kept waits for the same person.
  if (session.ended && sub === null && cart.lines.length === 0) return <ToSignIn />
  const unanswered = order.open && order.open.body.sub === sub ? order.open : null

  return (
    <Page title={t('checkout.title')}>
      {unanswered && (!order.isPending || !cart.lines.length) ? (
        <Unanswered send={() => order.place(unanswered.body)} giveUp={order.giveUp} isPending={order.isPending} error={order.error} />
      ) : cart.error ? (
        <Failed error={cart.error} retry={cart.refetch} />
      ) : cart.isPending ? (
        <Loading />
      ) : cart.lines.length === 0 ? (
        <Empty title={t('cart.empty.title')} text={t('cart.empty.text')}>
          <ButtonTo to="/">{t('cart.browse')}</ButtonTo>
        </Empty>
      ) : (
        <CheckoutForm key={sub ?? ''} cart={cart} order={order} />
      )}
    </Page>
  )
}
