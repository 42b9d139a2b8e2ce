import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { Problem } from '@orderproc/shared'
import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { Time } from '@orderproc/shared/parts/Time'

import type { Import as Shown, Row } from '../../api'
import { useApi, useTexts } from '../../office'
import { Facts, Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import table from '../../parts/table.module.css'
import { ImportBadge } from './ImportBadge'
import classes from './Imports.module.css'

const OUTCOMES = ['accepted', 'rejected', 'duplicate', 'superseded'] as const
/** Rows that are shown at a time. */
const PORTION = 100
const hasReport = (one: Shown) => one.status === 'DONE' || one.status === 'FAILED'

/** One import: how far it is, and then what became of each row. */
export default function Import() {
  const { importId } = useParams({ from: '/imports/$importId' })
  const api = useApi()
  const t = useTexts()
  const { data, error, refetch } = useQuery({
    queryKey: ['imports', importId],
    queryFn: ({ signal }) => api.import(importId, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? 2_000 : false),
  })
  if (!data) {
    return (
      <Page title={t('import.title')}>
        {error instanceof Problem && error.status === 404 ? (
          <Empty title={t('import.unknown.title')} text={t('import.unknown.text')}>
            <ButtonTo to="/imports">{t('nav.imports')}</ButtonTo>
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
    <Page title={data.file.split('/').at(-1) ?? data.file} aside={<ImportBadge status={data.status} />}>
      {data.error && <Note kind="bad">{data.error}</Note>}
      <Panel>
        <Facts
          facts={[
            [t('imports.kind'), t(`imports.${data.kind}`)],
            [t('imports.uploaded'), <Time key="uploaded" at={data.uploadedAt} />],
            [t('import.finished'), data.finishedAt && <Time key="finished" at={data.finishedAt} />],
            [t('imports.rows'), data.rows],
            ...OUTCOMES.map((outcome) => [t(`outcome.${outcome}`), data.counts[outcome]] as const),
            [t('import.progress'), data.status === 'RUNNING' ? t('import.chunks', { done: data.chunksDone, of: data.chunks }) : null],
          ]}
        />
      </Panel>
      {hasReport(data) && <Report importId={importId} />}
    </Page>
  )
}

function Report({ importId }: { importId: string }) {
  const api = useApi()
  const t = useTexts()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['imports', importId, 'report'],
    queryFn: async ({ signal }) => {
      const links = await api.importLinks(importId, signal)
      return { links, report: await api.importReport(links.json, signal) }
    },
    // The links expire.
    staleTime: 600_000,
  })
  return (
    <Panel
      title={t('import.report')}
      aside={
        data?.links.csv && (
          <Button component="a" href={data.links.csv} variant="default" size="sm">
            {t('import.download')}
          </Button>
        )
      }
    >
      {isPending && <Loading />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && <Rows rows={data.report.rows} />}
    </Panel>
  )
}

function Rows({ rows }: { rows: readonly Row[] }) {
  const t = useTexts()
  const [outcome, setOutcome] = useState<Row['outcome'] | ''>(rows.some((row) => row.outcome === 'rejected') ? 'rejected' : '')
  const [shown, setShown] = useState(PORTION)
  const chosen = outcome ? rows.filter((row) => row.outcome === outcome) : rows
  return (
    <>
      <NativeSelect
        className={classes.filter}
        label={t('import.outcome')}
        value={outcome}
        data={[{ value: '', label: t('orders.all') }, ...OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))]}
        onChange={(event) => {
          setOutcome(event.currentTarget.value as Row['outcome'] | '')
          setShown(PORTION)
        }}
      />
      {chosen.length === 0 && <Empty title={t('import.none.title')} text={t('import.none.text')} />}
      {chosen.length > 0 && (
        <div className={table.frame}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('import.row')}</th>
                <th scope="col">{t('import.outcome')}</th>
                <th scope="col">{t('import.what')}</th>
              </tr>
            </thead>
            <tbody>
              {chosen.slice(0, shown).map((row) => (
                <tr key={row.row}>
                  <td data-label={t('import.row')} className="number">
                    {row.row}
                  </td>
                  <td data-label={t('import.outcome')}>{t(`outcome.${row.outcome}`)}</td>
                  <td data-label={t('import.what')}>
                    <What row={row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen.length > shown && (
        <Button variant="default" className={classes.more} onClick={() => setShown(shown + PORTION)}>
          {t('import.more')}
        </Button>
      )}
    </>
  )
}

/** The order or product of a row, or what is wrong with it. */
function What({ row }: { row: Row }) {
  if (row.orderId) {
    return (
      <Link to="/orders/$orderId" params={{ orderId: row.orderId }}>
        {row.orderId}
      </Link>
    )
  }
  return (
    <span>
      {row.productId}
      {row.errors?.map(({ field, message, value }) => (
        <span key={`${field} ${message}`} className={classes.hint}>
          {field} {message}
          {value !== undefined && `: ${value}`}{' '}
        </span>
      ))}
    </span>
  )
}
