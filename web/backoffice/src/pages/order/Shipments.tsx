import { Button } from '@mantine/core'
import { useState } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { Order } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Panel } from '../../parts/Page'
import { useMay } from '../../parts/useMay'
import classes from './Order.module.css'
import { useAction } from './useAction'

type Shipment = NonNullable<Order['shipments']>[number]

export function Shipments({ order }: { order: Order }) {
  const t = useTexts()
  const shipments = order.shipments ?? []
  if (shipments.length === 0) return null
  return (
    <Panel title={t('order.shipments')}>
      {shipments.map((shipment) => (
        <One key={`${shipment.carrier} ${shipment.trackingNumber}`} order={order} shipment={shipment} />
      ))}
    </Panel>
  )
}

function One({ order, shipment }: { order: Order; shipment: Shipment }) {
  const t = useTexts()
  const may = useMay()
  const { carrier, trackingNumber, status = 'SHIPPED', updatedAt, items = [], trackingUrl } = shipment
  const names = new Map(order.items.map(({ productId, name }) => [productId, name]))
  return (
    <div className={classes.shipment}>
      <div>
        <strong>{t(`shipment.${status}`)}</strong> {updatedAt && <Time at={updatedAt} />}
        <div>
          {carrier}{' '}
          {trackingUrl ? (
            <a href={trackingUrl} target="_blank" rel="noopener noreferrer">
              {trackingNumber}
            </a>
          ) : (
            trackingNumber
          )}
        </div>
        <small>{items.map(({ productId = '', quantity }) => `${quantity} × ${names.get(productId) || productId}`).join(', ')}</small>
      </div>
      {may('deliver') && status === 'SHIPPED' && trackingNumber && <Deliver order={order} trackingNumber={trackingNumber} />}
    </div>
  )
}

function Deliver({ order, trackingNumber }: { order: Order; trackingNumber: string }) {
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAsking(true)}>
        {t('deliver.button')}
      </Button>
      {asking && <DeliverDialog order={order} trackingNumber={trackingNumber} close={() => setAsking(false)} />}
    </>
  )
}

function DeliverDialog({ order, trackingNumber, close }: { order: Order; trackingNumber: string; close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const deliver = useAction(order, (seen) => api.deliver(seen, trackingNumber), close)
  return (
    <Dialog
      title={t('deliver.title')}
      text={t('deliver.text', { number: trackingNumber })}
      yes={t('deliver.button')}
      busy={deliver.isPending}
      error={deliver.error}
      onYes={() => deliver.mutate()}
      onNo={close}
    />
  )
}
