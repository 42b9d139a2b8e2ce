import { Text } from '@mantine/core'

import { Time } from '@orderproc/shared/parts/Time'

import type { Order } from '../../api'
import { Panel } from '../../parts/Page'
import { useTexts } from '../../shop'
import classes from './Order.module.css'

export function Shipments({ order }: { order: Order }) {
  const t = useTexts()
  const shipments = order.shipments ?? []
  if (shipments.length === 0) return null
  return (
    <Panel title={t('shipment.title')}>
      {shipments.map(({ carrier, trackingNumber, status, updatedAt }) => (
        <div key={`${carrier} ${trackingNumber}`} className={classes.shipment}>
          <strong>{t(`shipment.${status ?? 'SHIPPED'}`)}</strong>
          <Text>{t('shipment.tracking', { carrier: carrier ?? '', number: trackingNumber ?? '' })}</Text>
          {updatedAt && (
            <Text size="sm" c="dimmed">
              <Time at={updatedAt} />
            </Text>
          )}
        </div>
      ))}
    </Panel>
  )
}
