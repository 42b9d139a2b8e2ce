import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { formatMoney, Problem, useLanguage } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Time } from '@orderproc/shared/parts/Time'

import type { CustomerDetails } from '../../api'
import { useApi, useTexts } from '../../office'
import { OrderTable } from '../../parts/OrderTable'
import { Facts, Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading } from '../../parts/states'
import classes from './Customers.module.css'

/** Contact, what their orders come to, and these. */
export default function Customer() {
  const { customerId } = useParams({ from: '/customers/$customerId' })
  const api = useApi()
  const t = useTexts()
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['customer', customerId],
    queryFn: ({ pageParam, signal }) => api.customer(customerId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  const [first] = data?.pages ?? []
  if (!first) {
    return (
      <Page title={t('order.customer')}>
        {error instanceof Problem && error.status === 404 ? (
          <Empty title={t('customers.unknown.title')} text={t('customers.unknown.text')}>
            <ButtonTo to="/customers">{t('nav.customers')}</ButtonTo>
          </Empty>
        ) : error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </Page>
    )
  }
  return (
    <Page title={first.name || first.email || first.customerId}>
      <Panel>
        <Contact customer={first} />
      </Panel>
      <OrderTable orders={data?.pages.flatMap((page) => page.orders) ?? []} />
      {error && <Failed error={error} retry={() => void fetchNextPage()} />}
      {hasNextPage && !error && (
        <Button variant="default" className={classes.more} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('orders.more')}
        </Button>
      )}
    </Page>
  )
}

function Contact({ customer }: { customer: CustomerDetails }) {
  const t = useTexts()
  const { locale } = useLanguage()
  const { email, phoneNumber, customerId, owner, orderCount, complete, spent, firstOrderAt, lastOrderAt } = customer
  const worth = Object.entries(spent).map(([currency, amount]) => formatMoney(amount, currency, locale)).join(' + ')
  return (
    <Facts
      facts={[
        [t('order.email'), email],
        [t('order.phone'), phoneNumber],
        [t('order.customerId'), customerId],
        [t('order.owner'), owner],
        [t('customers.count'), complete ? orderCount : t('customers.countAtLeast', { count: orderCount })],
        [t('customers.spent'), worth || '–'],
        [t('customers.first'), <Time key="first" at={firstOrderAt} />],
        [t('customers.last'), <Time key="last" at={lastOrderAt} />],
      ]}
    />
  )
}
