import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Time } from '@orderproc/shared/parts/Time'

import type { Alarm, Discrepancy, QueueDepth } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { Runbook } from '../../parts/Runbook'
import { Failed, Loading, Note } from '../../parts/states'
import table from '../../parts/table.module.css'
import { useMay } from '../../parts/useMay'
import { AGAIN, useAlarms, useRunbook } from '../../parts/useRunbook'
import classes from './Health.module.css'

/** Whether all works, and for what does not, the page of the runbooks that says what to do. */
export default function Health() {
  const t = useTexts()
  const may = useMay()
  return (
    <Page title={t('nav.health')}>
      <Alarms />
      {may('dead_letters') && <Queues />}
      <Discrepancies />
    </Page>
  )
}

function Alarms() {
  const t = useTexts()
  const { data, error, isPending, refetch } = useAlarms()
  const ringing = data?.alarms.filter(({ state }) => state === 'ALARM') ?? []
  const others = data?.alarms.filter(({ state }) => state !== 'ALARM') ?? []
  return (
    <Panel title={t('health.alarms')}>
      {isPending && <Loading rows={2} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && ringing.length === 0 && <Note kind="good">{t('health.calm', { count: others.length })}</Note>}
      {ringing.map((alarm) => (
        <Ringing key={alarm.name} alarm={alarm} />
      ))}
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>{t('health.others', { count: others.length })}</summary>
          <ul>
            {others.map(({ name, state }) => (
              <li key={name} data-state={state}>
                {name}
                {state === 'INSUFFICIENT_DATA' && <small> {t('health.noData')}</small>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  )
}

function Ringing({ alarm }: { alarm: Alarm }) {
  const { name, description, since, runbook } = alarm
  return (
    <Note kind="bad" title={name}>
      <Text size="sm">{description.replace(/ See \S+\.md\.$/, '')}</Text>
      <Text size="sm">
        <Time at={since} /> {runbook && <Runbook at={runbook} />}
      </Text>
    </Note>
  )
}

function Queues() {
  const api = useApi()
  const t = useTexts()
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['queues'], queryFn: ({ signal }) => api.queues(signal), refetchInterval: AGAIN })
  return (
    <Panel title={t('health.queues')}>
      {isPending && <Loading rows={4} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && (
        <div className={table.frame}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('health.queue')}</th>
                <Number name={t('health.waiting')} />
                <Number name={t('health.inFlight')} />
                <Number name={t('health.delayed')} />
                <Number name={t('nav.deadLetters')} />
                <th scope="col">{t('runbook')}</th>
              </tr>
            </thead>
            <tbody>
              {data.queues.map((queue) => (
                <QueueRow key={queue.name} queue={queue} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

const Number = ({ name }: { name: string }) => (
  <th scope="col" className={table.right}>
    {name}
  </th>
)

function QueueRow({ queue }: { queue: QueueDepth }) {
  const t = useTexts()
  const runbook = useRunbook()
  const { name, messages, inFlight, delayed, deadLetters } = queue
  return (
    <tr>
      <td data-label={t('health.queue')}>{name}</td>
      <td data-label={t('health.waiting')} className={`${table.right} number`}>
        {messages}
      </td>
      <td data-label={t('health.inFlight')} className={`${table.right} number`}>
        {inFlight}
      </td>
      <td data-label={t('health.delayed')} className={`${table.right} number`}>
        {delayed}
      </td>
      <td data-label={t('nav.deadLetters')} className={`${table.right} number`}>
        {deadLetters > 0 ? (
          <Link to="/dead-letters" search={{ queue: name }} aria-label={t('health.letters', { count: deadLetters, queue: name })}>
            <strong>{deadLetters}</strong>
          </Link>
        ) : (
          0
        )}
      </td>
      <td data-label={t('runbook')}>{deadLetters > 0 && <Runbook at={runbook(`${name}-dlq`)} />}</td>
    </tr>
  )
}

function Discrepancies() {
  const api = useApi()
  const t = useTexts()
  const runbook = useRunbook()
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['discrepancies'], queryFn: ({ signal }) => api.discrepancies(signal), refetchInterval: AGAIN })
  return (
    <Panel title={t('health.discrepancies')} aside={<Runbook at={runbook('discrepancies')} />}>
      {isPending && <Loading rows={2} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data?.checkedAt && (
        <Text size="sm" c="dimmed">
          {t('health.checked')} <Time at={data.checkedAt} />
        </Text>
      )}
      {data && !data.checkedAt && <Note kind="info">{t('health.neverChecked')}</Note>}
      {data?.discrepancies.length === 0 && data.checkedAt && <Note kind="good">{t('health.consistent')}</Note>}
      {data?.discrepancies.map((found) => (
        <Found key={`${found.kind} ${found.orderId ?? found.productId ?? found.item}`} found={found} />
      ))}
      {data?.more && <Text size="sm">{t('health.more')}</Text>}
    </Panel>
  )
}

function Found({ found }: { found: Discrepancy }) {
  const t = useTexts()
  const { kind, orderId, productId, item, details, foundAt, repaired } = found
  return (
    <div className={classes.found}>
      <div className={classes.head}>
        <strong>{kind}</strong>
        <Badge color={repaired ? 'pine' : 'red'} variant="light" tt="none">
          {t(repaired ? 'health.repaired' : 'health.open')}
        </Badge>
        <Text size="sm" c="dimmed">
          <Time at={foundAt} />
        </Text>
      </div>
      <div>
        {orderId ? (
          <Link to="/orders/$orderId" params={{ orderId }}>
            {orderId}
          </Link>
        ) : (
          (productId ?? item)
        )}
      </div>
      <Text size="sm" c="dimmed">
        {Object.entries(details)
          .map(([name, value]) => `${name}: ${value}`)
          .join(', ')}
      </Text>
    </div>
  )
}
