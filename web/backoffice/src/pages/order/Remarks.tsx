import { Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import type { Order } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import classes from './Order.module.css'
import { useAction } from './useAction'
import { timelineKey } from './useOrder'

interface Props {
  order: Order
  close: () => void
}

/** One note per dialog: pressed again after a lost answer, it is still one. */
export function AddNote({ order: { orderId }, close }: Props) {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const [text, setText] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const add = useMutation({
    mutationFn: () => api.addNote(orderId, text.trim(), key),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: timelineKey(orderId) })
      close()
    },
  })
  return (
    <Dialog title={t('note.button')} text={t('note.text')} yes={t('note.yes')} busy={add.isPending} error={add.error} onYes={() => add.mutate()} onNo={close}>
      <Textarea label={t('note.label')} classNames={{ input: classes.note }} required withAsterisk={false} maxLength={2000} rows={4} autoFocus value={text} onChange={(event) => setText(event.currentTarget.value)} />
    </Dialog>
  )
}

export function EditTags({ order, close }: Props) {
  const api = useApi()
  const t = useTexts()
  const [typed, setTyped] = useState(order.tags?.join(', ') ?? '')
  const tags = typed.split(',').map((tag) => tag.trim()).filter(Boolean)
  const save = useAction(order, (seen) => api.setTags(seen, tags), close)
  return (
    <Dialog title={t('tags.button')} text={t('tags.text')} yes={t('product.save')} busy={save.isPending} error={save.error} onYes={() => save.mutate()} onNo={close}>
      <TextInput label={t('tags.label')} autoFocus value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
    </Dialog>
  )
}

export function Resend({ order: { orderId, customerEmail }, close }: Props) {
  const api = useApi()
  const client = useQueryClient()
  const t = useTexts()
  const resend = useMutation({
    mutationFn: () => api.resendConfirmation(orderId),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: timelineKey(orderId) })
      close()
    },
  })
  return <Dialog title={t('resend.button')} text={t('resend.text', { email: customerEmail })} yes={t('resend.yes')} busy={resend.isPending} error={resend.error} onYes={() => resend.mutate()} onNo={close} />
}
