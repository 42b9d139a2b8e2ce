import { sameDay, UNSUCCESSFUL, wayOf } from '@orderproc/shared'
import { Time } from '@orderproc/shared/parts/Time'
import { CheckIcon, CrossIcon } from '@orderproc/shared/parts/icons'

import type { Order } from '../api'
import { useTexts } from '../shop'
import classes from './OrderProgress.module.css'

/** Where the order stands: each status with its time, then those to come. */
export function OrderProgress({ order }: { order: Order }) {
  const t = useTexts()
  const way = wayOf(order)
  const now = order.history.length - 1
  const bad = UNSUCCESSFUL.includes(order.status)
  const ended = bad || order.status === 'COMPLETED'
  return (
    <>
      <p role="status" className={classes.said}>
        {t(`status.${order.status}.meaning`)}
      </p>
      <ol className={classes.way} aria-label={t('order.progress')}>
        {way.map(({ status, at }, n) => {
          const state = n > now ? 'ahead' : n < now || order.status === 'COMPLETED' ? 'done' : bad ? 'bad' : 'now'
          return (
            <li key={`${status} ${n}`} data-state={state} aria-current={n === now && !ended ? 'step' : undefined}>
              <span className={classes.dot} aria-hidden="true">
                {state === 'done' ? <CheckIcon size={14} /> : state === 'bad' ? <CrossIcon size={14} /> : null}
              </span>
              <span className={classes.name}>{t(`status.${status}`)}</span>
              {at && <Time at={at} clock={n > 0 && sameDay(at, order.createdAt)} />}
            </li>
          )
        })}
      </ol>
    </>
  )
}
