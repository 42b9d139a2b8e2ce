import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { numberOf } from '@orderproc/shared'
import { Money } from '@orderproc/shared/parts/Money'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order } from '../api'
import { useTexts } from '../office'
import { StatusBadge } from './StatusBadge'
import table from './table.module.css'

/** Orders as rows; `list` is where the keys go from row to row. */
export function OrderTable({ orders, list }: { orders: readonly Order[]; list?: React.RefObject<HTMLDivElement | null> }) {
  const t = useTexts()
  return (
    <div className={table.frame} ref={list}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('order.name')}</th>
            <th scope="col">{t('order.placed')}</th>
            <th scope="col">{t('order.customer')}</th>
            <th scope="col">{t('order.status')}</th>
            <th scope="col" className={table.right}>
              {t('order.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <Row key={order.orderId} order={order} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ order }: { order: Order }) {
  const t = useTexts()
  const { orderId, items, status, currency, totalAmount, createdAt, customerEmail, customerId, shippingAddress, needsAttention } = order
  return (
    <tr>
      <td data-label={t('order.name')}>
        <span>
          <Link to="/orders/$orderId" params={{ orderId }} className={table.link} data-row>
            {numberOf(order)}
          </Link>
          <small>{t('orders.units', { count: items.reduce((sum, { quantity }) => sum + quantity, 0) })}</small>
        </span>
      </td>
      <td data-label={t('order.placed')}>
        <Time at={createdAt} />
      </td>
      <td data-label={t('order.customer')}>
        <span>
          {customerEmail || customerId}
          {shippingAddress?.name && <small>{shippingAddress.name}</small>}
        </span>
      </td>
      <td data-label={t('order.status')}>
        <span className={table.badges}>
          <StatusBadge status={status} />
          {needsAttention && (
            <Badge color="yellow" variant="light" tt="none">
              {t('order.attention')}
            </Badge>
          )}
        </span>
      </td>
      <td data-label={t('order.total')} className={table.right}>
        <Money amount={totalAmount} currency={currency} />
      </td>
    </tr>
  )
}
