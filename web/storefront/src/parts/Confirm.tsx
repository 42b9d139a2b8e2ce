import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useEffect, useId, useRef } from 'react'

import { useTexts } from '../shop'
import classes from './Confirm.module.css'

interface Props {
  title: string
  text: string
  yes: string
  onYes: () => void
  onNo: () => void
}

/** Asks before something that can't be undone. The browser's own dialog keeps the focus inside and closes on Escape. */
export function Confirm({ title, text, yes, onYes, onNo }: Props) {
  const t = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className={classes.dialog} aria-labelledby={heading} onClose={onNo}>
      <Stack gap="md">
        <Title order={2} size="h3" id={heading}>
          {title}
        </Title>
        <Text>{text}</Text>
        <Group justify="flex-end" gap="sm" className={classes.choices}>
          <Button variant="default" onClick={onNo} autoFocus>
            {t('confirm.no')}
          </Button>
          <Button color="red" variant="filled" onClick={onYes}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </dialog>
  )
}
