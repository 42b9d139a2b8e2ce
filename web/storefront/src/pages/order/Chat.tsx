import { Button, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'

import type { Order } from '../../api'
import { Panel } from '../../parts/Page'
import { Failed } from '../../parts/states'
import { useApi, useTexts } from '../../shop'
import classes from './Order.module.css'

interface Said {
  who: 'me' | 'shop'
  text: string
}

/** Questions about this order. Answers are shown as text. */
export function Chat({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const [said, setSaid] = useState<Said[]>([])
  const [typed, setTyped] = useState('')
  const log = useRef<HTMLUListElement>(null)
  const ask = useMutation({
    // The id tells the assistant which of the customer's orders is meant.
    mutationFn: (question: string) => api.ask(order.orderId, `${question} (${order.orderId})`),
    // Which order it is stands above, and its id says nothing to people.
    onSuccess: ({ answer }) => setSaid((before) => [...before, { who: 'shop', text: answer.replaceAll(` (${order.orderId})`, '') }]),
    onError: (_, question) => {
      setSaid((before) => before.slice(0, -1))
      setTyped(question)
    },
  })
  useEffect(() => {
    // Newer browsers answer a promise, which is no cleanup.
    void log.current?.lastElementChild?.scrollIntoView({ block: 'nearest' })
  }, [said])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const question = typed.trim()
    if (!question || ask.isPending) return
    setSaid([...said, { who: 'me', text: question }])
    setTyped('')
    ask.mutate(question)
  }
  return (
    <Panel title={t('chat.title')}>
      {said.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('chat.text')}
        </Text>
      )}
      <ul ref={log} className={classes.log} aria-live="polite" hidden={said.length === 0}>
        {said.map(({ who, text }, n) => (
          <li key={n} data-who={who}>
            {text}
          </li>
        ))}
      </ul>
      {ask.error && <Failed error={ask.error} />}
      <form className={classes.ask} onSubmit={submit}>
        <TextInput label={t('chat.label')} placeholder={t('chat.example')} maxLength={900} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit" variant="light" loading={ask.isPending}>
          {t('chat.submit')}
        </Button>
      </form>
    </Panel>
  )
}
