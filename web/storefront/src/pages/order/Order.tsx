import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { hasEnded, mayBeJudged, numberOf, Problem, SignedOut } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order as Shown } from '../../api'
import { AddressLines } from '../../parts/AddressFields'
import { OrderProgress } from '../../parts/OrderProgress'
import { Columns, Page, Panel } from '../../parts/Page'
import { ToSignIn } from '../../parts/SignedIn'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { orderKey, useOrder } from '../../parts/useOrder'
import { useApi, usePerson, useTexts } from '../../shop'
import { Actions } from './Actions'
import { Chat } from './Chat'
import { Feedback } from './Feedback'
import { Items } from './Items'
import { Shipments } from './Shipments'

export default function Order() {
  const { orderId } = useParams({ from: '/orders/$orderId' })
  const api = useApi()
  const person = usePerson()
  const t = useTexts()
  const { data, error, refetch } = useOrder(orderId)
  if (error instanceof SignedOut || (!person && !api.isGuests(orderId))) {
    return <ToSignIn />
  }
  const unknown = error instanceof Problem && (error.status === 404 || error.status === 401)
  if (!data) {
    return (
      <Page title={t('order.title.plain')}>
        {unknown ? (
          <Empty title={t('order.unknown.title')} text={t('order.unknown.text')}>
            <ButtonTo to="/orders">{t('nav.orders')}</ButtonTo>
          </Empty>
        ) : error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </Page>
    )
  }
  return (
    <Page title={t('order.title', { number: numberOf(data) })} aside={<Text c="dimmed"><Time at={data.createdAt} /></Text>}>
      {error && <Note kind="warning">{t('order.stale')}</Note>}
      <Whole order={data} />
    </Page>
  )
}

function Whole({ order }: { order: Shown }) {
  const api = useApi()
  const person = usePerson()
  const t = useTexts()
  const guests = api.isGuests(order.orderId)
  return (
    <Columns
      side={
        <>
          <Panel title={t('order.actions')}>
            <Actions order={order} />
          </Panel>
          {order.shippingAddress && (
            <Panel title={t('order.address')}>
              <AddressLines address={order.shippingAddress} />
            </Panel>
          )}
          {mayBeJudged(order) && <Feedback order={order} />}
        </>
      }
      after={<Chat order={order} />}
    >
      {guests && person && <Claim orderId={order.orderId} />}
      <Panel title={t('order.progress')}>
        <OrderProgress order={order} />
        {order.error && hasEnded(order) && <Note kind="bad">{t(failureText(order.error.code))}</Note>}
      </Panel>
      <Shipments order={order} />
      <Panel title={t('order.items')}>
        <Items order={order} />
      </Panel>
      {guests && <Note kind="info">{t('order.guest')}</Note>}
    </Columns>
  )
}

/** A guest who has proved the address by signing up may take the order into the account. */
function Claim({ orderId }: { orderId: string }) {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const claim = useMutation({
    // What is asked with the guest's token meanwhile would be refused.
    onMutate: () => client.cancelQueries({ queryKey: orderKey(orderId) }),
    mutationFn: () => api.claim(orderId),
    onSuccess: (order) => {
      client.setQueryData(orderKey(orderId), order)
      void client.invalidateQueries({ queryKey: ['orders'] })
    },
  })
  return (
    <Note kind="info" title={t('claim.title')}>
      <Text size="sm" mb="sm">
        {t(claim.error instanceof Problem && claim.error.status < 500 ? 'claim.refused' : 'claim.text')}
      </Text>
      <Button size="sm" loading={claim.isPending} onClick={() => claim.mutate()}>
        {t('claim.submit')}
      </Button>
    </Note>
  )
}

const FAILURES = ['PRODUCT_NOT_FOUND', 'PRICE_MISMATCH', 'OUT_OF_STOCK', 'CARD_DECLINED', 'INSUFFICIENT_FUNDS', 'PAYMENT_UNAVAILABLE', 'CANCELLED_BY_CUSTOMER', 'EXPIRED'] as const

const failureText = (code: string) => {
  const known = FAILURES.find((failure) => failure === code)
  return known ? (`failure.${known}` as const) : 'failure.other'
}
