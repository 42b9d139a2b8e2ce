import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

import { byField, hasEnded, isEmail, numberOf, useFocusOnWrong, useLanguage } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'

import type { PlaceOrderBody } from '../../api'
import { OrderProgress } from '../../parts/OrderProgress'
import { Page, Panel } from '../../parts/Page'
import { Failed, Loading, Note } from '../../parts/states'
import { Unanswered } from '../../parts/Unanswered'
import { useOrder } from '../../parts/useOrder'
import { usePlaceOrder } from '../../parts/usePlaceOrder'
import { useShop, useTexts } from '../../shop'
import { Refused } from '../checkout/Refused'

const MOST = 10_000

export default function QuickOrder() {
  const { order } = useSearch({ from: '/quick-order' })
  const t = useTexts()
  return (
    <Page title={t('quick.title')} narrow>
      {order ? <Placed orderId={order} /> : <Form />}
    </Page>
  )
}

function Form() {
  const { api, config } = useShop()
  const { locale } = useLanguage()
  const navigate = useNavigate()
  const t = useTexts()
  const [productId, setProductId] = useState('')
  const [quantity, setQuantity] = useState('1')
  const [email, setEmail] = useState('')
  const [refused, setRefused] = useState(0)
  const order = usePlaceOrder<PlaceOrderBody>('quick-order', api.placeOrder, ({ orderId }) =>
    // Back leads to an empty form, and a reload to this order.
    void navigate({ to: '/quick-order', search: { order: orderId } }),
  )
  const form = useFocusOnWrong(order.error ?? refused)
  const said = byField(order.error)
  const wrong = {
    productId: productId.trim() === '' ? t('quick.productId.missing') : undefined,
    quantity: isQuantity(quantity) ? undefined : t('quick.quantity.wrong', { most: MOST }),
    email: isEmail(email) ? undefined : t('field.email.wrong'),
  }
  const unanswered = order.open
  if (unanswered && !(order.isPending && productId)) {
    return <Unanswered send={() => order.place(unanswered.body)} giveUp={order.giveUp} isPending={order.isPending} error={order.error} />
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong.productId ?? wrong.quantity ?? wrong.email) return setRefused((n) => n + 1)
    order.place({ productId: productId.trim(), quantity: Number(quantity), customerEmail: email.trim(), locale })
  }
  return (
    <Panel>
      <Text c="dimmed">{t('quick.text')}</Text>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label={t('quick.productId')} placeholder="LAPTOP001" autoComplete="off" autoCapitalize="off" spellCheck={false} required withAsterisk={false} maxLength={64} value={productId} error={refused && wrong.productId ? wrong.productId : said['productId']} onChange={(event) => setProductId(event.currentTarget.value)} />
          <TextInput label={t('quick.quantity')} inputMode="numeric" autoComplete="off" required withAsterisk={false} maxLength={5} value={quantity} error={refused && wrong.quantity ? wrong.quantity : said['quantity']} onChange={(event) => setQuantity(event.currentTarget.value)} />
          <TextInput label={t('field.email')} type="email" autoComplete="email" required withAsterisk={false} maxLength={254} value={email} error={refused && wrong.email ? wrong.email : said['customerEmail']} onChange={(event) => setEmail(event.currentTarget.value)} />
          {order.error && <Refused error={order.error} />}
          {!config.publishableKey && <Note kind="warning">{t('quick.closed')}</Note>}
          <Button type="submit" size="md" loading={order.isPending} disabled={!config.publishableKey}>
            {t('quick.place')}
          </Button>
        </Stack>
      </form>
    </Panel>
  )
}

const isQuantity = (text: string) => /^[1-9]\d*$/.test(text.trim()) && Number(text) <= MOST

function Placed({ orderId }: { orderId: string }) {
  const { api } = useShop()
  const t = useTexts()
  const { data, error, refetch } = useOrder(orderId)
  if (!api.isGuests(orderId)) {
    return (
      <Note kind="info">
        {t('quick.elsewhere')} <ButtonTo to="/quick-order" search={{}} size="compact-sm">{t('quick.another')}</ButtonTo>
      </Note>
    )
  }
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />
  return (
    <>
      <Panel title={t('order.title', { number: numberOf(data) })}>
        <OrderProgress order={data} />
        {data.error && hasEnded(data) && <Note kind="bad">{t('quick.failed')}</Note>}
        <ButtonTo to="/orders/$orderId" params={{ orderId }} variant="light">
          {t('quick.whole')}
        </ButtonTo>
      </Panel>
      <ButtonTo to="/quick-order" search={{}} variant="default">
        {t('quick.another')}
      </ButtonTo>
    </>
  )
}
