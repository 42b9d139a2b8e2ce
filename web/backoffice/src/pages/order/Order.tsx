import { Badge } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'

import { numberOf, Problem } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order as Shown } from '../../api'
import { useTexts } from '../../office'
import { Columns, Facts, Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { StatusBadge } from '../../parts/StatusBadge'
import { Actions } from './Actions'
import { Address } from './Address'
import { Items } from './Items'
import classes from './Order.module.css'
import { Payment } from './Payment'
import { Shipments } from './Shipments'
import { Timeline } from './Timeline'
import { useOrder } from './useOrder'

export default function Order() {
  const { orderId } = useParams({ from: '/orders/$orderId' })
  const t = useTexts()
  const { data, error, refetch } = useOrder(orderId)
  if (!data) {
    return (
      <Page title={t('order.name')}>
        {error instanceof Problem && error.status === 404 ? (
          <Empty title={t('order.unknown.title')} text={t('order.unknown.text')}>
            <ButtonTo to="/orders">{t('nav.orders')}</ButtonTo>
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
    <Page title={t('order.title', { number: numberOf(data) })} aside={<Badges order={data} />}>
      {error && <Note kind="warning">{t('order.stale')}</Note>}
      {data.needsAttention && (
        <Note kind="warning" title={t('order.attention')}>
          {data.needsAttention}
        </Note>
      )}
      {data.error && (
        <Note kind="bad" title={data.error.code}>
          {data.error.message}
        </Note>
      )}
      <Whole order={data} />
    </Page>
  )
}

/** Its status, and the tags that staff gave it. */
function Badges({ order: { status, tags = [] } }: { order: Shown }) {
  return (
    <span className={classes.tags}>
      {tags.map((tag) => (
        <Badge key={tag} color="gray" variant="outline" tt="none">
          {tag}
        </Badge>
      ))}
      <StatusBadge status={status} />
    </span>
  )
}

function Whole({ order }: { order: Shown }) {
  const t = useTexts()
  return (
    <Columns
      side={
        <>
          <Actions order={order} />
          <Customer order={order} />
          <Panel title={t('order.details')}>
            <Details order={order} />
          </Panel>
        </>
      }
    >
      <Panel title={t('order.timeline')}>
        <Timeline order={order} />
      </Panel>
      <Panel title={t('order.items')}>
        <Items order={order} />
      </Panel>
      <Payment order={order} />
      <Shipments order={order} />
    </Columns>
  )
}

function Customer({ order }: { order: Shown }) {
  const t = useTexts()
  return (
    <Panel title={t('order.customer')}>
      <Facts
        facts={[
          [t('order.email'), order.customerEmail],
          [t('order.phone'), order.phoneNumber],
          [
            t('order.customerId'),
            <Link key="customer" to="/customers/$customerId" params={{ customerId: order.orderId }}>
              {order.customerId}
            </Link>,
          ],
          [t('order.shipTo'), order.shippingAddress && <Address address={order.shippingAddress} />],
          [t('order.billTo'), order.billingAddress && <Address address={order.billingAddress} />],
        ]}
      />
    </Panel>
  )
}

function Details({ order }: { order: Shown }) {
  const t = useTexts()
  return (
    <Facts
      facts={[
        [t('order.id'), order.orderId],
        [t('order.placed'), <Time key="placed" at={order.createdAt} />],
        [t('order.changed'), <Time key="changed" at={order.updatedAt} />],
        [t('order.owner'), order.owner],
        [t('order.reference'), order.reference],
        [t('order.note'), order.note],
        [t('order.workflow'), order.workflow],
        [t('order.stock'), t(`reservation.${order.reservation}`)],
        [t('order.rating'), order.feedback && t('order.rated', { score: order.feedback.score, comment: order.feedback.comment })],
        ...Object.entries(order.metadata ?? {}),
      ]}
    />
  )
}
