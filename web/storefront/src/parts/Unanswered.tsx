import { Button, Group, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'

import { Problem } from '@orderproc/shared'

import { useTexts } from '../shop'
import { Note } from './states'
import { useWords } from './words'

interface Props {
  send: () => void
  giveUp: () => void
  isPending: boolean
  error: unknown
}

/** An order was sent and no answer came: from before a reload it is asked for by itself, else when the reader says so.
 *  Sending it again is safe, as it has the same Idempotency-Key. */
export function Unanswered({ send, giveUp, isPending, error }: Props) {
  const t = useTexts()
  const words = useWords()
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current || error) return
    asked.current = true
    send()
  }, [error, send])
  return (
    <Note kind="warning" title={t(error instanceof Problem ? 'unanswered.refused' : 'unanswered.title')}>
      <Stack gap="sm">
        <Text size="sm">{error ? words(error) : t('unanswered.checking')}</Text>
        <Text size="sm">{t('unanswered.text')}</Text>
        <Group gap="sm">
          <Button loading={isPending} onClick={send}>
            {t('unanswered.again')}
          </Button>
          <Button variant="default" disabled={isPending} onClick={giveUp}>
            {t('unanswered.giveUp')}
          </Button>
        </Group>
      </Stack>
    </Note>
  )
}
