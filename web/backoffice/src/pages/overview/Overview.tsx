import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { formatMoney, useLanguage } from '@orderproc/shared'

import type { Figures, Metrics } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { Failed, Loading } from '../../parts/states'
import table from '../../parts/table.module.css'
import classes from './Overview.module.css'
import { changeOf, spansOf } from './span'

const Chart = lazy(() => import('./Chart'))
/** Milliseconds between two looks. */
const AGAIN = 60_000

/** How today goes, beside the same hours of a week before. */
export default function Overview() {
  const api = useApi()
  const t = useTexts()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['metrics', 'today'],
    queryFn: async ({ signal }) => {
      const { today, before } = spansOf(new Date())
      const [now, then] = await Promise.all([api.metrics(today.from, today.to, signal), api.metrics(before.from, before.to, signal)])
      return { now, then }
    },
    refetchInterval: AGAIN,
  })
  return (
    <Page title={t('nav.overview')}>
      {isPending && <Loading rows={6} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data?.now.totals && <Today now={data.now} then={data.then} totals={data.now.totals} before={data.then.totals} />}
    </Page>
  )
}

function Today({ now, then, totals, before }: { now: Metrics; then: Metrics; totals: Figures; before: Figures | null }) {
  const t = useTexts()
  const { locale } = useLanguage()
  const number = (value: number, digits = 0) => value.toLocaleString(locale, { maximumFractionDigits: digits })
  const money = (amounts: Record<string, number>) =>
    Object.entries(amounts).map(([currency, amount]) => formatMoney(amount, currency, locale)).join(' + ') || '–'
  const share = (value: number | null) => (value === null ? '–' : value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 }))
  const first = (amounts: Record<string, number> | undefined) => Object.values(amounts ?? {})[0]
  const { average, responses } = totals.satisfaction
  return (
    <>
      <dl className={classes.figures}>
        <Figure name={t('overview.orders')} value={number(totals.orders)} change={changeOf(totals.orders, before?.orders)} />
        <Figure name={t('overview.revenue')} value={money(totals.revenue)} change={changeOf(first(totals.revenue), first(before?.revenue))} />
        <Figure name={t('overview.average')} value={money(totals.averageOrderValue)} change={changeOf(first(totals.averageOrderValue), first(before?.averageOrderValue))} />
        <Figure name={t('overview.success')} value={share(totals.successRate)} change={changeOf(totals.successRate, before?.successRate)} />
        <Figure name={t('overview.satisfaction')} value={average === null ? '–' : t('overview.stars', { average: number(average, 1) })} note={t('overview.responses', { count: responses })} />
        <Figure name={t('overview.lowStock')} value={totals.lowStock === undefined ? '–' : number(totals.lowStock)} note={t('overview.lowStockNote')} />
      </dl>
      <Panel title={t('overview.chart')}>
        <Suspense fallback={<Skeleton height={220} />}>
          <Chart now={now.buckets.map(({ start, orders }) => ({ start, orders }))} then={then.buckets.map(({ orders }) => orders)} />
        </Suspense>
      </Panel>
      <div className={classes.two}>
        <Failures totals={totals} />
        <Stages totals={totals} />
      </div>
    </>
  )
}

function Figure({ name, value, change, note }: { name: string; value: string; change?: number | null; note?: string }) {
  const t = useTexts()
  const { locale } = useLanguage()
  const shown = change === null || change === undefined ? null : change.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>
        <span className="number">{value}</span>
        <small>{note ?? (shown === null ? t('overview.nothingBefore') : t('overview.change', { change: shown }))}</small>
      </dd>
    </div>
  )
}

function Failures({ totals }: { totals: Figures }) {
  const t = useTexts()
  const failures = Object.entries(totals.failures).sort(([, one], [, other]) => other - one)
  return (
    <Panel
      title={t('overview.failures')}
      aside={
        <Link to="/orders" search={{ status: 'FAILED' }}>
          {t('overview.failed')}
        </Link>
      }
    >
      {failures.length === 0 ? (
        <p className={classes.nothing}>{t('overview.noFailures')}</p>
      ) : (
        <table className={table.plain}>
          <thead>
            <tr>
              <th scope="col">{t('overview.reason')}</th>
              <th scope="col">{t('overview.orders')}</th>
            </tr>
          </thead>
          <tbody>
            {failures.map(([code, count]) => (
              <tr key={code}>
                <td>{code}</td>
                <td className="number">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

const STAGES = ['pending', 'validating', 'inventoryCheck', 'paymentProcessing', 'confirmed', 'fulfillment', 'total'] as const

function Stages({ totals }: { totals: Figures }) {
  const t = useTexts()
  const { locale } = useLanguage()
  const seconds = (milliseconds: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 1 }).format(milliseconds / 1000)
  const measured = STAGES.flatMap((stage) => {
    const found = totals.timePerStage[stage]
    return found ? [{ stage, ...found }] : []
  })
  return (
    <Panel title={t('overview.stages')}>
      {measured.length === 0 ? (
        <p className={classes.nothing}>{t('overview.noStages')}</p>
      ) : (
        <table className={table.plain}>
          <thead>
            <tr>
              <th scope="col">{t('overview.stage')}</th>
              <th scope="col">{t('overview.median')}</th>
              <th scope="col">{t('overview.p95')}</th>
            </tr>
          </thead>
          <tbody>
            {measured.map(({ stage, median, p95 }) => (
              <tr key={stage}>
                <td>{t(`stage.${stage}`)}</td>
                <td className="number">{seconds(median)}</td>
                <td className="number">{seconds(p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
