import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { sameDay, UNSUCCESSFUL, wayOf } from '@orderproc/shared'
import { Money } from '@orderproc/shared/parts/Money'
import { Time } from '@orderproc/shared/parts/Time'

import type { Entry, Order, Status } from '../../api'
import { useApi, useTexts } from '../../office'
import { Failed, Loading } from '../../parts/states'
import classes from './Order.module.css'
import { timelineKey } from './useOrder'

/** Everything that happened to the order and by whom, then the statuses to come. */
export function Timeline({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const { orderId, updatedAt, history } = order
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [...timelineKey(orderId), updatedAt],
    queryFn: ({ signal }) => api.timeline(orderId, signal),
    // While the next one is fetched, the one before stays.
    placeholderData: (before) => before,
  })
  const ahead = wayOf(order).slice(history.length)
  return (
    <>
      {isPending && <Loading rows={5} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      <ol className={classes.way} aria-label={t('order.timeline')}>
        {data?.entries.filter(isShown).map((entry, n) => (
          <One key={`${entry.at} ${entry.kind} ${entry.what} ${n}`} entry={entry} order={order} isFirst={n === 0} />
        ))}
        {data &&
          ahead.map(({ status }) => (
            <li key={status} data-state="ahead">
              <span className={classes.dot} aria-hidden="true" />
              <span>{t(`status.${status}`)}</span>
            </li>
          ))}
      </ol>
    </>
  )
}

/** A note stands there by itself: that it was added is said by that. */
const isShown = ({ kind, what }: Entry) => !(kind === 'change' && what === 'add_note')

/** Outcomes that go without saying. */
const USUAL = ['DONE', 'SUCCEEDED', 'SENT']

function One({ entry, order, isFirst }: { entry: Entry; order: Order; isFirst: boolean }) {
  const t = useTexts()
  const { at, kind, what, detail, outcome, amount, by } = entry
  const isNow = kind === 'status' && what === order.status
  const state = kind !== 'status' ? 'besides' : !isNow ? 'done' : UNSUCCESSFUL.includes(order.status) ? 'bad' : order.status === 'COMPLETED' ? 'done' : 'now'
  const said = [detail, outcome].filter((text) => text && text !== what && !USUAL.includes(text)).join(' · ')
  return (
    <li data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <span className={classes.dot} aria-hidden="true" />
      <span>
        {kind === 'status' ? t(`status.${what as Status}`) : t(`timeline.${kind}`, { what: words(what) })} {amount !== null && <Money amount={amount} currency={order.currency} />}
        {said && <small className={kind === 'note' ? classes.said : undefined}>{said}</small>}
        {by && (
          <Text size="xs" c="dimmed">
            {by.email ?? by.userId}
          </Text>
        )}
      </span>
      <Time at={at} clock={!isFirst && sameDay(at, order.createdAt)} />
    </li>
  )
}

/** `capture`, `put_tags`, `ORDER_CREATED`: names of the API, as words. */
const words = (name: string) => name.toLowerCase().replaceAll('_', ' ')
