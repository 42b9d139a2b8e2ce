import { Badge, Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import { numberOf } from '@orderproc/shared'
import { Money } from '@orderproc/shared/parts/Money'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order, OrderPage } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { StatusBadge } from '../../parts/StatusBadge'
import table from '../../parts/table.module.css'
import { useRowKeys } from '../../parts/useRowKeys'
import { filtersFrom, STATUSES } from './filters'
import classes from './Orders.module.css'

/** Milliseconds between two looks for newer orders. */
const AGAIN = 15_000

export default function Orders() {
  const api = useApi()
  const t = useTexts()
  const filters = useSearch({ from: '/orders' })
  const list = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useRowKeys(list, search)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['orders', filters],
    queryFn: ({ pageParam, signal }) => api.orders(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    // Only the first page: with more, the reader is looking at older ones.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) === 1 ? AGAIN : false),
  })
  const orders = data?.pages.flatMap((page) => page.orders) ?? []
  return (
    <Page title={t('nav.orders')}>
      <Filters search={search} />
      {isPending && <Loading rows={8} />}
      {data && <Damaged pages={data.pages} />}
      {orders.length > 0 && <List orders={orders} list={list} />}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && orders.length === 0 && !hasNextPage && (
        <Empty title={t('orders.empty.title')} text={t(filters.status ? 'orders.empty.filtered' : 'orders.empty.text')} />
      )}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('orders.more')}
        </Button>
      )}
    </Page>
  )
}

/** The filters are the address's own: a link to them shows the same. */
function Filters({ search }: { search: React.RefObject<HTMLInputElement | null> }) {
  const t = useTexts()
  const navigate = useNavigate()
  const { status } = useSearch({ from: '/orders' })
  const [typed, setTyped] = useState('')
  const open = (event: FormEvent) => {
    event.preventDefault()
    const orderId = typed.trim()
    if (orderId) void navigate({ to: '/orders/$orderId', params: { orderId } })
  }
  return (
    <div className={classes.filters}>
      <form role="search" className={classes.search} onSubmit={open}>
        <TextInput ref={search} label={t('orders.byId')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" variant="default">
          {t('orders.open')}
        </Button>
      </form>
      <NativeSelect
        label={t('orders.status')}
        value={status ?? ''}
        data={[{ value: '', label: t('orders.all') }, ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
        onChange={(event) => void navigate({ to: '/orders', search: filtersFrom({ status: event.currentTarget.value }) })}
      />
    </div>
  )
}

function List({ orders, list }: { orders: readonly Order[]; list: React.RefObject<HTMLDivElement | null> }) {
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
        <span className={classes.badges}>
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

/** Orders whose stored data can't be read: with the id, by which the runbook finds them. */
function Damaged({ pages }: { pages: readonly OrderPage[] }) {
  const t = useTexts()
  const damaged = pages.flatMap((page) => page.damaged)
  if (damaged.length === 0) return null
  return (
    <Note kind="bad" title={t('orders.damaged')}>
      <ul>
        {damaged.map(({ orderId, reason }) => (
          <li key={orderId}>
            {orderId}: {reason}
          </li>
        ))}
      </ul>
    </Note>
  )
}
