// What a page shows instead of its data: they are on their way, failed to come, or there are none.
import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ReactNode } from 'react'

import { useTranslate } from '../i18n'
import classes from './states.module.css'

type Texts = 'state.loading' | 'state.failed' | 'state.retry'

/** Something is being fetched: said to those who can't see the grey bars, too. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const t = useTranslate<Texts>()
  return (
    <Stack role="status" aria-label={t('state.loading')} gap="md">
      {Array.from({ length: rows }, (_, n) => (
        <Skeleton key={n} height={56} radius="md" />
      ))}
    </Stack>
  )
}

/** What failed, and how to try again. */
export function Failure({ says, retry, children }: { says: string; retry?: () => void; children?: ReactNode }) {
  const t = useTranslate<Texts>()
  return (
    <Alert role="alert" color="red" variant="light" title={t('state.failed')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{says}</Text>
        {children}
        {retry && (
          <Button variant="default" size="sm" onClick={retry}>
            {t('state.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** Nothing is there: what that means, and where to go. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed">{text}</Text>
      {children && <Group justify="center">{children}</Group>}
    </div>
  )
}

/** A sentence about what just happened or is going on, in words of one of four kinds. */
export function Note({ kind, title, children }: { kind: 'info' | 'good' | 'warning' | 'bad'; title?: string; children: ReactNode }) {
  const color = { info: 'gray', good: 'pine', warning: 'yellow', bad: 'red' }[kind]
  return (
    <Alert role={kind === 'bad' ? 'alert' : 'status'} color={color} variant="light" title={title}>
      {children}
    </Alert>
  )
}
