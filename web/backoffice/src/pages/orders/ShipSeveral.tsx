import { Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { numberOf } from '@orderproc/shared'

import type { Order } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { useWords } from '../../parts/words'
import { maySend } from '../order/allowed'
import classes from './Orders.module.css'

/** Those of the list that wait for their first shipment. */
export const waiting = (orders: readonly Order[]) => orders.filter((order) => order.status === 'CONFIRMED' && maySend(order))

/** One after the other, each whole; what became of each is said beside it. Pressed again, those that were shipped are left out,
 *  and the API takes the same tracking number for the same shipment. */
export function ShipSeveral({ orders, close }: { orders: readonly Order[]; close: () => void }) {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const words = useWords()
  const [asked] = useState(orders)
  const [carrier, setCarrier] = useState('')
  const [numbers, setNumbers] = useState<Record<string, string>>({})
  const [outcomes, setOutcomes] = useState<Record<string, string>>({})
  const [shipped, setShipped] = useState<ReadonlySet<string>>(new Set())
  const numberFor = ({ orderId }: Order) => (numbers[orderId] ?? '').trim()
  const chosen = asked.filter((order) => numberFor(order) && !shipped.has(order.orderId))
  const ship = useMutation({
    mutationFn: async () => {
      for (const order of chosen) {
        const { orderId } = order
        try {
          await api.ship(order, { carrier: carrier.trim(), trackingNumber: numberFor(order) })
          setShipped((before) => new Set([...before, orderId]))
          setOutcomes((before) => ({ ...before, [orderId]: t('several.shipped') }))
        } catch (error) {
          setOutcomes((before) => ({ ...before, [orderId]: words(error) }))
        }
      }
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['orders'] }),
  })
  const submit = () => (chosen.length > 0 ? ship.mutate() : undefined)
  return (
    <Dialog title={t('several.title')} text={t('several.text')} yes={t('several.yes', { count: chosen.length })} busy={ship.isPending} error={ship.error} onYes={submit} onNo={close}>
      <TextInput label={t('ship.carrier')} required withAsterisk={false} maxLength={60} autoFocus value={carrier} onChange={(event) => setCarrier(event.currentTarget.value)} />
      {asked.map((order) => (
        <div key={order.orderId} className={classes.several}>
          <TextInput
            label={t('several.number', { of: numberOf(order) })}
            description={order.shippingAddress?.name ?? order.customerEmail}
            maxLength={60}
            disabled={shipped.has(order.orderId)}
            value={numbers[order.orderId] ?? ''}
            onChange={(event) => setNumbers({ ...numbers, [order.orderId]: event.currentTarget.value })}
          />
          {outcomes[order.orderId] && (
            <Text size="sm" role="status">
              {outcomes[order.orderId]}
            </Text>
          )}
        </div>
      ))}
    </Dialog>
  )
}
