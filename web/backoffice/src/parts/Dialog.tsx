import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react'

import { useTexts } from '../office'
import classes from './Dialog.module.css'
import { Failed } from './states'

interface Props {
  title: string
  /** What will happen, with the amount where there is one. */
  text: string
  yes: string
  dangerous?: boolean
  busy: boolean
  error: unknown
  onYes: () => void
  onNo: () => void
  children?: ReactNode
}

/** Asks for what an action needs and says what it will do. The browser's own dialog keeps the focus inside and closes on Escape. */
export function Dialog({ title, text, yes, dangerous = false, busy, error, onYes, onNo, children }: Props) {
  const t = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onYes()
  }
  return (
    <dialog ref={dialog} className={classes.dialog} aria-labelledby={heading} onClose={onNo}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Title order={2} size="h3" id={heading}>
            {title}
          </Title>
          <Text>{text}</Text>
          {children}
          {error ? <Failed error={error} /> : null}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onNo} autoFocus={!children}>
              {t('dialog.no')}
            </Button>
            <Button type="submit" color={dangerous ? 'red' : 'pine'} loading={busy}>
              {yes}
            </Button>
          </Group>
        </Stack>
      </form>
    </dialog>
  )
}
