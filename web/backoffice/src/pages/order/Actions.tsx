import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'

import { formatMoney, useLanguage } from '@orderproc/shared'

import type { Order } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Panel } from '../../parts/Page'
import { useMay } from '../../parts/useMay'
import { leftToShip, mayCallOff, mayRetry, maySend } from './allowed'
import classes from './Order.module.css'
import { AddNote, EditTags, Resend } from './Remarks'
import { useAction } from './useAction'

type Asked = 'ship' | 'cancel' | 'retry' | 'note' | 'tags' | 'resend'

/** What can be done to the order as it stands. A dialog stays open when the order changes meanwhile: it then says so. */
export function Actions({ order }: { order: Order }) {
  const t = useTexts()
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const may = useMay()
  const offered = {
    ship: may('ship') && maySend(order),
    note: may('notes'),
    tags: may('tags'),
    resend: may('resend') && Boolean(order.payment),
    retry: may('retry') && mayRetry(order),
    cancel: may('cancel') && mayCallOff(order),
  }
  return (
    <>
      {Object.values(offered).some(Boolean) && (
        <Panel title={t('order.actions')}>
          <Stack gap="sm">
            {offered.ship && <Button onClick={() => setAsked('ship')}>{t('ship.button')}</Button>}
            {offered.note && <Other text={t('note.button')} onClick={() => setAsked('note')} />}
            {offered.tags && <Other text={t('tags.button')} onClick={() => setAsked('tags')} />}
            {offered.resend && <Other text={t('resend.button')} onClick={() => setAsked('resend')} />}
            {offered.retry && <Other text={t('retry.button')} onClick={() => setAsked('retry')} />}
            {offered.cancel && (
              <Button variant="light" color="red" onClick={() => setAsked('cancel')}>
                {t('cancel.button')}
              </Button>
            )}
          </Stack>
        </Panel>
      )}
      {asked === 'ship' && <Ship order={order} close={close} />}
      {asked === 'note' && <AddNote order={order} close={close} />}
      {asked === 'tags' && <EditTags order={order} close={close} />}
      {asked === 'resend' && <Resend order={order} close={close} />}
      {asked === 'retry' && <Retry order={order} close={close} />}
      {asked === 'cancel' && <Cancel order={order} close={close} />}
    </>
  )
}

const Other = ({ text, onClick }: { text: string; onClick: () => void }) => (
  <Button variant="default" onClick={onClick}>
    {text}
  </Button>
)

interface Props {
  order: Order
  close: () => void
}

/** All that is left, or fewer units of it: then the rest is for another shipment. */
function Ship({ order, close }: Props) {
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
    (seen) => api.ship(seen, { carrier: carrier.trim(), trackingNumber: trackingNumber.trim(), ...(isWhole ? {} : { items }) }),
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

function Cancel({ order, close }: Props) {
  const api = useApi()
  const t = useTexts()
  const { locale } = useLanguage()
  const cancel = useAction(order, api.cancel, close)
  const amount = formatMoney(order.payment?.amount ?? order.totalAmount, order.currency, locale)
  return (
    <Dialog
      title={t('cancel.title')}
      text={t(order.payment ? 'cancel.paid' : 'cancel.unpaid', { amount })}
      yes={t('cancel.yes')}
      dangerous
      busy={cancel.isPending}
      error={cancel.error}
      onYes={() => cancel.mutate()}
      onNo={close}
    />
  )
}

function Retry({ order, close }: Props) {
  const api = useApi()
  const t = useTexts()
  const retry = useAction(order, api.retry, close)
  return <Dialog title={t('retry.title')} text={t('retry.text')} yes={t('retry.button')} busy={retry.isPending} error={retry.error} onYes={() => retry.mutate()} onNo={close} />
}
