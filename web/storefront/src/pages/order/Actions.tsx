import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { formatMoney, hasEnded, mayCancel, Problem, useLanguage } from '@orderproc/shared'

import type { Link, Order } from '../../api'
import { Confirm } from '../../parts/Confirm'
import { Failed } from '../../parts/states'
import { useCart, useSetQuantity } from '../../parts/useCart'
import { orderKey } from '../../parts/useOrder'
import { useApi, useTexts } from '../../shop'

export function Actions({ order }: { order: Order }) {
  return (
    <Stack gap="sm">
      {(order.payment || !hasEnded(order)) && <Receipt order={order} />}
      {mayCancel(order) && <Cancel order={order} />}
      {order.status === 'FAILED' && <OrderAgain order={order} />}
    </Stack>
  )
}

/** Puts into the cart what this order was of; of what is there already, as many as before if that was more. */
function OrderAgain({ order }: { order: Order }) {
  const cart = useCart()
  const setQuantity = useSetQuantity()
  const navigate = useNavigate()
  const t = useTexts()
  const again = useMutation({
    mutationFn: async () => {
      for (const { productId, quantity } of order.items) {
        const had = cart.lines.find((line) => line.productId === productId)?.quantity ?? 0
        await setQuantity.mutateAsync({ productId, quantity: Math.max(had, quantity) })
      }
    },
    onSuccess: () => navigate({ to: '/cart' }),
  })
  return (
    <>
      <Button loading={again.isPending} onClick={() => again.mutate()}>
        {t('order.again')}
      </Button>
      {again.error && <Failed error={again.error} />}
    </>
  )
}

/** The link is made when it is asked for, since it expires; it also stands there, if the browser opened no new tab. */
function Receipt({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const receipt = useMutation({
    mutationFn: () => api.receipt(order.orderId),
    // It is written a moment after the order is paid.
    retry: (failures, error) => failures < 12 && error instanceof Problem && error.code === 'RECEIPT_NOT_FOUND',
    retryDelay: (failures) => Math.min((failures + 1) * 800, 3000),
    onSuccess: open,
  })
  const isPaid = Boolean(order.payment) && order.status !== 'PAYMENT_PROCESSING'
  return (
    <>
      <Button variant="default" disabled={!isPaid} loading={receipt.isPending} onClick={() => receipt.mutate()}>
        {t('receipt.download')}
      </Button>
      {!isPaid && (
        <Text size="sm" c="dimmed">
          {t('receipt.later')}
        </Text>
      )}
      {receipt.data && (
        <Text size="sm">
          <a href={receipt.data.url} target="_blank" rel="noopener noreferrer">
            {t('receipt.open')}
          </a>
        </Text>
      )}
      {receipt.error && <Failed error={receipt.error} />}
    </>
  )
}

function open({ url }: Link): void {
  const link = document.createElement('a')
  Object.assign(link, { href: url, target: '_blank', rel: 'noopener noreferrer' })
  link.click()
}

function Cancel({ order }: { order: Order }) {
  const api = useApi()
  const client = useQueryClient()
  const { locale } = useLanguage()
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  const cancel = useMutation({
    mutationFn: () => api.cancel(order.orderId),
    onSuccess: (cancelled) => client.setQueryData(orderKey(order.orderId), cancelled),
    onError: () => void client.invalidateQueries({ queryKey: orderKey(order.orderId) }),
  })
  const amount = formatMoney(order.payment?.amount ?? order.totalAmount, order.currency, locale)
  return (
    <>
      <Button variant="light" color="red" loading={cancel.isPending} onClick={() => setAsking(true)}>
        {t('cancel.button')}
      </Button>
      {cancel.error && <Failed error={cancel.error} />}
      {asking && (
        <Confirm
          title={t('cancel.title')}
          text={t(order.payment ? 'cancel.refund' : 'cancel.unpaid', { amount })}
          yes={t('cancel.yes')}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false)
            cancel.mutate()
          }}
        />
      )}
    </>
  )
}
