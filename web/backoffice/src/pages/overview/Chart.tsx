import { useLanguage, waysOf } from '@orderproc/shared'

import { useTexts } from '../../office'
import classes from './Chart.module.css'
import { ceilingOf } from './ceiling'

const WIDTH = 960
const HEIGHT = 220
const LEFT = 36
const BOTTOM = 22
const HOURS = 24

interface Hour {
  start: string
  orders: number
}

/** Orders per hour: bars for today, a line for a week before. Drawn as SVG, so that it needs no library. */
export default function Chart({ now, then }: { now: readonly Hour[]; then: readonly number[] }) {
  const t = useTexts()
  const { locale } = useLanguage()
  const top = ceilingOf(Math.max(...now.map(({ orders }) => orders), ...then, 0))
  const step = (WIDTH - LEFT) / HOURS
  const y = (orders: number) => (HEIGHT - BOTTOM) * (1 - orders / top)
  const hour = new Intl.DateTimeFormat(waysOf(locale, navigator.languages), { hour: 'numeric' })
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const midnight = now[0] ? new Date(now[0].start) : new Date()
  const line = then.map((orders, n) => `${LEFT + (n + 0.5) * step},${y(orders) + 4}`).join(' ')
  return (
    <figure className={classes.figure}>
      <svg viewBox={`0 -8 ${WIDTH} ${HEIGHT + 12}`} role="img" aria-label={t('chart.label', { now: sum(now.map(({ orders }) => orders)), then: sum(then) })}>
        {[0, top / 2, top].map((level) => (
          <g key={level}>
            <line className={classes.level} x1={LEFT} x2={WIDTH} y1={y(level) + 4} y2={y(level) + 4} />
            <text className={classes.text} x={LEFT - 8} y={y(level) + 8} textAnchor="end">
              {level.toLocaleString(locale)}
            </text>
          </g>
        ))}
        {now.map(({ start, orders }, n) => (
          <rect key={start} className={classes.bar} x={LEFT + n * step + step * 0.18} width={step * 0.64} y={y(orders) + 4} height={HEIGHT - BOTTOM - y(orders)} rx={3} />
        ))}
        {then.length > 1 && <polyline className={classes.line} points={line} />}
        {[0, 6, 12, 18].map((n) => (
          <text key={n} className={classes.text} x={LEFT + n * step} y={HEIGHT} textAnchor="start">
            {hour.format(new Date(midnight.getTime() + n * 3_600_000))}
          </text>
        ))}
      </svg>
      <figcaption>
        <span data-kind="bar">{t('chart.now')}</span>
        <span data-kind="line">{t('chart.then')}</span>
      </figcaption>
    </figure>
  )
}
