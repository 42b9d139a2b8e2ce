import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'

import { formatMoney, useLanguage } from '@orderproc/shared'

import type { Order } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Panel } from '../../parts/Page'
import { leftToShip, mayCallOff, mayRetry, maySend } from './allowed'
import classes from './Order.module.css'
import { useAction } from './useAction'

/** What can be done to the order as it stands. */
export function Actions({ order }: { order: Order }) {
  const t = useTexts()
  if (!maySend(order) && !mayCallOff(order) && !mayRetry(order)) return null
  return (
    <Panel title={t('order.actions')}>
      <Stack gap="sm">
        {maySend(order) && <Ship order={order} />}
        {mayRetry(order) && <Retry order={order} />}
        {mayCallOff(order) && <Cancel order={order} />}
      </Stack>
    </Panel>
  )
}

function Ship({ order }: { order: Order }) {
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('ship.button')}</Button>
      {asking && <ShipDialog order={order} close={() => setAsking(false)} />}
    </>
  )
}

/** All that is left, or fewer units of it: then the rest is for another shipment. */
function ShipDialog({ order, close }: { order: Order; close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const [carrier, setCarrier] = useState('')
  const [trackingNumber, setTrackingNumber] = useState('')
  const [left] = useState(() => leftToShip(order))
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const units = [...left].map(([productId, most]) => ({ productId, most, quantity: Number(chosen[productId] ?? most) }))
  const isWhole = units.every(({ quantity, most }) => quantity === most)
  const items = units.filter(({ quantity }) => quantity > 0).map(({ productId, quantity }) => ({ productId, quantity }))
  const ship = useAction(
    order,
    () => api.ship(order.orderId, { carrier: carrier.trim(), trackingNumber: trackingNumber.trim(), ...(isWhole ? {} : { items }) }),
    close,
  )
  const names = new Map(order.items.map(({ productId, name }) => [productId, name || productId]))
  return (
    <Dialog title={t('ship.title')} text={t('ship.text')} yes={t('ship.yes')} busy={ship.isPending} error={ship.error} onYes={() => ship.mutate()} onNo={close}>
      <TextInput label={t('ship.carrier')} required withAsterisk={false} maxLength={60} autoFocus value={carrier} onChange={(event) => setCarrier(event.currentTarget.value)} />
      <TextInput label={t('ship.tracking')} required withAsterisk={false} maxLength={60} value={trackingNumber} onChange={(event) => setTrackingNumber(event.currentTarget.value)} />
      <div className={classes.units}>
        {units.map(({ productId, most }) => (
          <Units key={productId} name={names.get(productId) ?? productId} most={most} value={chosen[productId] ?? String(most)} onChange={(typed) => setChosen({ ...chosen, [productId]: typed })} />
        ))}
      </div>
    </Dialog>
  )
}

function Units({ name, most, value, onChange }: { name: string; most: number; value: string; onChange: (typed: string) => void }) {
  const t = useTexts()
  return (
    <>
      <span>{name}</span>
      <TextInput type="number" aria-label={t('ship.units', { of: name })} min={0} max={most} required value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </>
  )
}

function Cancel({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const { locale } = useLanguage()
  const [asking, setAsking] = useState(false)
  const cancel = useAction(order, () => api.cancel(order.orderId), () => setAsking(false))
  const amount = formatMoney(order.payment?.amount ?? order.totalAmount, order.currency, locale)
  return (
    <>
      <Button variant="light" color="red" onClick={() => setAsking(true)}>
        {t('cancel.button')}
      </Button>
      {asking && (
        <Dialog
          title={t('cancel.title')}
          text={t(order.payment ? 'cancel.paid' : 'cancel.unpaid', { amount })}
          yes={t('cancel.yes')}
          dangerous
          busy={cancel.isPending}
          error={cancel.error}
          onYes={() => cancel.mutate()}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  )
}

function Retry({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  const retry = useAction(order, () => api.retry(order.orderId), () => setAsking(false))
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('retry.button')}
      </Button>
      {asking && <Dialog title={t('retry.title')} text={t('retry.text')} yes={t('retry.button')} busy={retry.isPending} error={retry.error} onYes={() => retry.mutate()} onNo={() => setAsking(false)} />}
    </>
  )
}
