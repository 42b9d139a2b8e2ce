import { Badge, Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { numberOf, UNSUCCESSFUL } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Money } from '@orderproc/shared/parts/Money'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order } from '../../api'
import { Page } from '../../parts/Page'
import { SignedIn } from '../../parts/SignedIn'
import { Empty, Failed, Loading } from '../../parts/states'
import { useApi, useTexts } from '../../shop'
import classes from './Orders.module.css'

export default function Orders() {
  return <SignedIn>{(person) => <List key={person.sub} sub={person.sub} />}</SignedIn>
}

function List({ sub }: { sub: string }) {
  const api = useApi()
  const t = useTexts()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['orders', sub],
    queryFn: ({ pageParam, signal }) => api.orders(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  })
  const orders = data?.pages.flatMap((page) => page.orders) ?? []
  return (
    <Page title={t('orders.title')}>
      {isPending && <Loading />}
      {orders.length > 0 && (
        <ul className={classes.list}>
          {orders.map((order) => (
            <Row key={order.orderId} order={order} />
          ))}
        </ul>
      )}
      {error && <Failed error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
      {!isPending && !error && orders.length === 0 && (
        <Empty title={t('orders.empty.title')} text={t('orders.empty.text')}>
          <ButtonTo to="/">{t('cart.browse')}</ButtonTo>
        </Empty>
      )}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('orders.more')}
        </Button>
      )}
    </Page>
  )
}

function Row({ order }: { order: Order }) {
  const t = useTexts()
  const { orderId, items, status, currency, totalAmount, createdAt } = order
  const color = status === 'COMPLETED' || status === 'CONFIRMED' ? 'pine' : UNSUCCESSFUL.includes(status) ? 'gray' : 'blue'
  const [first] = items
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Link to="/orders/$orderId" params={{ orderId }} className={classes.link}>
          {t('order.title', { number: numberOf(order) })}
        </Link>
        <span className={classes.products}>
          {first?.name || first?.productId}
          {items.length > 1 && ` ${t('orders.others', { count: items.length - 1 })}`}
        </span>
      </div>
      <Time at={createdAt} />
      <Badge color={color} variant="light" size="lg" className={classes.status}>
        {t(`status.${status}`)}
      </Badge>
      <strong className="right">
        <Money amount={totalAmount} currency={currency} />
      </strong>
    </li>
  )
}
