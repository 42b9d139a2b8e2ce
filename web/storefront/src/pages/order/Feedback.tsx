import { Button, Rating, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'

import { Problem } from '@orderproc/shared'

import type { Order } from '../../api'
import { Panel } from '../../parts/Page'
import { Failed, Note } from '../../parts/states'
import { useApi, useTexts } from '../../shop'
import classes from './Order.module.css'

export function Feedback({ order }: { order: Order }) {
  const api = useApi()
  const t = useTexts()
  const label = useId()
  const [score, setScore] = useState(0)
  const [comment, setComment] = useState('')
  const [unmarked, setUnmarked] = useState(false)
  const give = useMutation({ mutationFn: () => api.feedback(order.orderId, score, comment.trim()) })
  const { error } = give
  const before = error instanceof Problem && error.code === 'FEEDBACK_ALREADY_GIVEN'
  const given = order.feedback ?? give.data
  if (given || before) {
    return (
      <Panel title={t('feedback.title')}>
        {given && <Rating readOnly value={given.score} getSymbolLabel={(n) => t('feedback.stars', { count: n })} />}
        <Note kind="good">{t(before ? 'error.feedbackGiven' : 'feedback.thanks')}</Note>
      </Panel>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setUnmarked(score === 0)
    if (score > 0 && !give.isPending) give.mutate()
  }
  return (
    <Panel title={t('feedback.title')}>
      <form onSubmit={submit}>
        <Stack gap="sm" align="flex-start">
          <Text id={label} size="sm">
            {t('feedback.question')}
          </Text>
          <Rating role="radiogroup" aria-labelledby={label} size="lg" value={score} onChange={setScore} getSymbolLabel={(n) => t('feedback.stars', { count: n })} />
          {unmarked && score === 0 && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {t('feedback.choose')}
            </Text>
          )}
          <Textarea w="100%" label={t('feedback.comment')} classNames={{ input: classes.comment }} rows={3} maxLength={1000} value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
          {error && <Failed error={error} />}
          <Button type="submit" variant="light" loading={give.isPending}>
            {t('feedback.submit')}
          </Button>
        </Stack>
      </form>
    </Panel>
  )
}
