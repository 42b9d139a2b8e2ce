import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'

import type { OrderPage } from '../../api'
import { useApi, useTexts } from '../../office'
import { OrderTable } from '../../parts/OrderTable'
import { Page } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { useMay } from '../../parts/useMay'
import { useRowKeys } from '../../parts/useRowKeys'
import { filtersFrom, STATUSES } from './filters'
import classes from './Orders.module.css'
import { ShipSeveral, waiting } from './ShipSeveral'

/** Milliseconds between two looks for newer orders. */
const AGAIN = 15_000

export default function Orders() {
  const api = useApi()
  const t = useTexts()
  const may = useMay()
  const [shipping, setShipping] = useState(false)
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
  const toShip = waiting(orders)
  return (
    <Page title={t('nav.orders')} aside={may('ship') && toShip.length > 1 && <Button onClick={() => setShipping(true)}>{t('several.title')}</Button>}>
      <Filters key={filters.q ?? ''} search={search} />
      {isPending && <Loading rows={8} />}
      {data && <Damaged pages={data.pages} />}
      {orders.length > 0 && <OrderTable orders={orders} list={list} />}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && orders.length === 0 && !hasNextPage && (
        <Empty title={t('orders.empty.title')} text={t(Object.keys(filters).length > 0 ? 'orders.nothing' : 'orders.empty.text')} />
      )}
      {shipping && <ShipSeveral orders={toShip} close={() => setShipping(false)} />}
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
  const filters = useSearch({ from: '/orders' })
  const [typed, setTyped] = useState(filters.q ?? '')
  const choose = (changed: Record<string, string>) => void navigate({ to: '/orders', search: filtersFrom({ ...filters, ...changed }) })
  const find = (event: FormEvent) => {
    event.preventDefault()
    choose({ q: typed })
  }
  return (
    <div className={classes.filters}>
      <form role="search" className={classes.search} onSubmit={find}>
        <TextInput ref={search} type="search" label={t('orders.search')} placeholder={t('orders.searchHint')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" variant="default">
          {t('products.find')}
        </Button>
      </form>
      <NativeSelect
        label={t('orders.status')}
        value={filters.status ?? ''}
        data={[{ value: '', label: t('orders.all') }, ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]}
        onChange={(event) => choose({ status: event.currentTarget.value })}
      />
      <TextInput type="date" label={t('orders.from')} value={filters.from ?? ''} onChange={(event) => choose({ from: event.currentTarget.value })} />
      <TextInput type="date" label={t('orders.to')} value={filters.to ?? ''} onChange={(event) => choose({ to: event.currentTarget.value })} />
    </div>
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
