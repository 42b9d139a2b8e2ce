import { Badge, Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { Export, ExportRequest } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { Empty, Failed, Loading } from '../../parts/states'
import table from '../../parts/table.module.css'
import classes from './Exports.module.css'

const KEY = ['exports']
const COLORS = { QUEUED: 'gray', RUNNING: 'blue', DONE: 'pine', FAILED: 'red', EXPIRED: 'gray' } as const
const isRunning = ({ status }: Export) => status === 'QUEUED' || status === 'RUNNING'

/** Orders of some days as a file; it is written in the background, however many they are. */
export default function Exports() {
  const api = useApi()
  const t = useTexts()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.exports(signal),
    refetchInterval: ({ state }) => (state.data?.exports.some(isRunning) ? 2_000 : 30_000),
  })
  return (
    <Page title={t('nav.exports')}>
      <Request />
      {isPending && <Loading />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data?.exports.length === 0 && <Empty title={t('exports.empty.title')} text={t('exports.empty.text')} />}
      {data && data.exports.length > 0 && <List exports={data.exports} />}
    </Page>
  )
}

/** `2026-11-21` of the reader's day, so many days from today. */
function day(shift: number): string {
  const now = new Date()
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift)
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

function Request() {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const [from, setFrom] = useState(() => day(0))
  const [to, setTo] = useState(() => day(0))
  const [format, setFormat] = useState<ExportRequest['format']>('csv')
  const request = useMutation({
    mutationFn: () => api.requestExport({ what: 'orders', from, to, format }),
    onSuccess: () => void client.invalidateQueries({ queryKey: KEY }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!request.isPending) request.mutate()
  }
  return (
    <Panel title={t('exports.request')}>
      <form className={classes.request} onSubmit={submit}>
        <TextInput label={t('exports.from')} type="date" required withAsterisk={false} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput label={t('exports.to')} type="date" required withAsterisk={false} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <NativeSelect
          label={t('exports.format')}
          value={format}
          data={[
            { value: 'csv', label: t('exports.csv') },
            { value: 'jsonl', label: 'JSON Lines' },
          ]}
          onChange={(event) => setFormat(event.currentTarget.value === 'jsonl' ? 'jsonl' : 'csv')}
        />
        <Button type="submit" loading={request.isPending}>
          {t('exports.submit')}
        </Button>
      </form>
      <p className={classes.hint}>{t('exports.hint')}</p>
      {request.error && <Failed error={request.error} />}
    </Panel>
  )
}

function List({ exports }: { exports: readonly Export[] }) {
  const t = useTexts()
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('exports.asked')}</th>
            <th scope="col">{t('exports.span')}</th>
            <th scope="col">{t('exports.format')}</th>
            <th scope="col">{t('order.status')}</th>
            <th scope="col" className={table.right}>
              {t('nav.orders')}
            </th>
            <th scope="col">{t('imports.file')}</th>
          </tr>
        </thead>
        <tbody>
          {exports.map((one) => (
            <tr key={one.exportId}>
              <td data-label={t('exports.asked')}>
                <Time at={one.requestedAt} />
              </td>
              <td data-label={t('exports.span')}>
                <span>
                  <Time at={one.from} /> – <Time at={one.to} />
                </span>
              </td>
              <td data-label={t('exports.format')}>{one.format}</td>
              <td data-label={t('order.status')}>
                <span>
                  <Badge color={COLORS[one.status]} variant="light" tt="none">
                    {t(`export.${one.status}`)}
                  </Badge>
                  {one.error && <small>{one.error}</small>}
                </span>
              </td>
              <td data-label={t('nav.orders')} className={`${table.right} number`}>
                {one.orders}
              </td>
              <td data-label={t('imports.file')}>{one.status === 'DONE' && <Download exportId={one.exportId} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The link is made when it is asked for, since it expires. */
function Download({ exportId }: { exportId: string }) {
  const api = useApi()
  const t = useTexts()
  const link = useMutation({
    mutationFn: () => api.export(exportId),
    onSuccess: ({ url }) => {
      if (!url) return
      const download = document.createElement('a')
      Object.assign(download, { href: url, rel: 'noopener noreferrer' })
      download.click()
    },
  })
  return (
    <>
      <Button variant="default" size="xs" loading={link.isPending} onClick={() => link.mutate()}>
        {t('exports.download')}
      </Button>
      {link.error && <Failed error={link.error} />}
    </>
  )
}
