import { sameDay, UNSUCCESSFUL, wayOf } from '@orderproc/shared'
import { Time } from '@orderproc/shared/parts/Time'

import type { Order } from '../../api'
import { useTexts } from '../../office'
import classes from './Order.module.css'

/** Where the order stands: each status with its time and what was said of it, then those to come. */
export function Timeline({ order }: { order: Order }) {
  const t = useTexts()
  const { history, status: current, createdAt } = order
  const ended = UNSUCCESSFUL.includes(current) || current === 'COMPLETED'
  return (
    <ol className={classes.way} aria-label={t('order.timeline')}>
      {wayOf(order).map(({ status, at }, n) => {
        const detail = history[n]?.detail
        const isLast = n === history.length - 1
        const state = n >= history.length ? 'ahead' : !isLast || current === 'COMPLETED' ? 'done' : UNSUCCESSFUL.includes(current) ? 'bad' : 'now'
        return (
          <li key={`${status} ${n}`} data-state={state} aria-current={isLast && !ended ? 'step' : undefined}>
            <span className={classes.dot} aria-hidden="true" />
            <span>
              {t(`status.${status}`)}
              {detail && <small>{detail}</small>}
            </span>
            {at && <Time at={at} clock={n > 0 && sameDay(at, createdAt)} />}
          </li>
        )
      })}
    </ol>
  )
}
