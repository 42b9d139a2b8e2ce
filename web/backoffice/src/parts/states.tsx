import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ReactNode } from 'react'

import { Problem } from '@orderproc/shared'

import { useTexts } from '../office'
import classes from './states.module.css'
import { useWords } from './words'

/** Something is being fetched: said to those who can't see the grey bars, too. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const t = useTexts()
  return (
    <Stack role="status" aria-label={t('state.loading')} gap="sm">
      {Array.from({ length: rows }, (_, n) => (
        <Skeleton key={n} height={44} radius="md" />
      ))}
    </Stack>
  )
}

/** What failed, why by the API's own words, and how to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts()
  const words = useWords()
  const fields = error instanceof Problem ? error.errors : []
  return (
    <Alert role="alert" color="red" variant="light" title={t('state.failed')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{words(error)}</Text>
        {fields.length > 0 && (
          <ul className={classes.fields}>
            {fields.map(({ field, message }) => (
              <li key={`${field} ${message}`}>
                {field}: {message}
              </li>
            ))}
          </ul>
        )}
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
