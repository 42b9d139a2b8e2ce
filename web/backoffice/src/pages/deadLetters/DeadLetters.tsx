import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { DeadLetter } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Page } from '../../parts/Page'
import { Runbook } from '../../parts/Runbook'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { useRunbook } from '../../parts/useRunbook'
import classes from './DeadLetters.module.css'

const KEY = ['deadLetters']

/** Messages that exhausted their retries. They are looked at when the page opens and when it is asked to: a look takes them
 *  off the queue for a moment. */
export default function DeadLetters() {
  const api = useApi()
  const t = useTexts()
  const { queue } = useSearch({ from: '/dead-letters' })
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: [...KEY, queue ?? ''],
    queryFn: ({ signal }) => api.deadLetters(queue, signal),
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Page
      title={t('nav.deadLetters')}
      aside={
        <Button variant="default" loading={isFetching && !isPending} onClick={() => void refetch()}>
          {t('dead.again')}
        </Button>
      }
    >
      <Queues />
      {isPending && <Loading rows={4} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && !data.complete && <Note kind="info">{t('dead.incomplete')}</Note>}
      {data?.messages.map((letter) => <Letter key={letter.messageId} letter={letter} />)}
      {data?.messages.length === 0 && <Empty title={t('dead.empty.title')} text={t('dead.empty.text')} />}
    </Page>
  )
}

function Queues() {
  const api = useApi()
  const t = useTexts()
  const navigate = useNavigate()
  const { queue } = useSearch({ from: '/dead-letters' })
  const { data } = useQuery({ queryKey: ['queues'], queryFn: ({ signal }) => api.queues(signal) })
  const names = new Set([...(data?.queues.map(({ name }) => name) ?? []), ...(queue ? [queue] : [])])
  const depth = (name: string) => data?.queues.find((one) => one.name === name)?.deadLetters ?? 0
  return (
    <NativeSelect
      className={classes.queue}
      label={t('dead.queue')}
      value={queue ?? ''}
      data={[{ value: '', label: t('dead.all') }, ...[...names].map((value) => ({ value, label: `${value} (${depth(value)})` }))]}
      onChange={(event) => void navigate({ to: '/dead-letters', search: { queue: event.currentTarget.value || undefined } })}
    />
  )
}

function Letter({ letter }: { letter: DeadLetter }) {
  const t = useTexts()
  const runbook = useRunbook()
  const { queue, reason, orderId, sentAt, receiveCount, payload } = letter
  return (
    <article className={classes.letter}>
      <div className={classes.head}>
        <strong>{queue}</strong>
        <Text size="sm" c="dimmed">
          <Time at={sentAt} /> · {t('dead.receives', { count: receiveCount })}
        </Text>
      </div>
      <p className={classes.reason}>{reason}</p>
      <Group gap="md">
        {orderId && (
          <Link to="/orders/$orderId" params={{ orderId }}>
            {t('dead.order')}
          </Link>
        )}
        <Runbook at={runbook(`${queue}-dlq`)} />
      </Group>
      <details>
        <summary>{t('dead.payload')}</summary>
        <pre className={classes.payload} tabIndex={0}>
          {typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2)}
        </pre>
      </details>
      <Group gap="sm">
        <Redrive letter={letter} />
        <Discard letter={letter} />
      </Group>
    </article>
  )
}

/** Afterwards the lists are asked for anew; what was not done to the message is an error. */
function useLetterAction(act: () => Promise<void>, done: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      done()
      void client.invalidateQueries({ queryKey: KEY })
      void client.invalidateQueries({ queryKey: ['queues'] })
    },
  })
}

function Redrive({ letter }: { letter: DeadLetter }) {
  const api = useApi()
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  const { queue, messageId } = letter
  const redrive = useLetterAction(
    async () => {
      const { redriven, refused } = await api.redrive(queue, [messageId])
      if (redriven === 0) throw new Error(refused[0]?.reason ?? t('dead.gone'))
    },
    () => setAsking(false),
  )
  return (
    <>
      <Button variant="light" size="sm" onClick={() => setAsking(true)}>
        {t('redrive.button')}
      </Button>
      {asking && (
        <Dialog title={t('redrive.title')} text={t('redrive.text', { queue })} yes={t('redrive.button')} busy={redrive.isPending} error={redrive.error} onYes={() => redrive.mutate()} onNo={() => setAsking(false)} />
      )}
    </>
  )
}

function Discard({ letter }: { letter: DeadLetter }) {
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="light" color="red" size="sm" onClick={() => setAsking(true)}>
        {t('discard.button')}
      </Button>
      {asking && <DiscardDialog letter={letter} close={() => setAsking(false)} />}
    </>
  )
}

function DiscardDialog({ letter, close }: { letter: DeadLetter; close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const [reason, setReason] = useState('')
  const discard = useLetterAction(async () => {
    const { discarded } = await api.discard(letter.queue, [letter.messageId], reason.trim())
    if (discarded === 0) throw new Error(t('dead.gone'))
  }, close)
  return (
    <Dialog title={t('discard.title')} text={t('discard.text')} yes={t('discard.yes')} dangerous busy={discard.isPending} error={discard.error} onYes={() => discard.mutate()} onNo={close}>
      <TextInput label={t('discard.reason')} required withAsterisk={false} minLength={3} maxLength={500} autoFocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </Dialog>
  )
}
