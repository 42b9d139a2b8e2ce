import { ActionIcon, Group, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

import { MinusIcon, PlusIcon } from '@orderproc/shared/parts/icons'

import { MOST } from '../guestCart'
import { useTexts } from '../shop'
import classes from './Quantity.module.css'

interface Props {
  value: number
  onChange: (quantity: number) => void
  /** Of which product, for those who can't see where the field stands. */
  of: string
  disabled?: boolean
}

/** How many: by buttons, or typed and then taken on Enter or when the field is left. */
export function Quantity({ value, onChange, of, disabled = false }: Props) {
  const t = useTexts()
  const [typed, setTyped] = useState(String(value))
  useEffect(() => setTyped(String(value)), [value])

  const take = (quantity: number) => {
    const kept = Math.min(Math.max(quantity, 1), MOST)
    setTyped(String(kept))
    if (kept !== value) onChange(kept)
  }
  const takeTyped = () => take(/^\d{1,3}$/.test(typed) ? Number(typed) : value)

  return (
    <Group gap={4} wrap="nowrap" className={classes.quantity}>
      <ActionIcon variant="default" size="lg" aria-label={t('quantity.less', { of })} disabled={disabled || value <= 1} onClick={() => take(value - 1)}>
        <MinusIcon size={16} />
      </ActionIcon>
      <TextInput
        aria-label={t('quantity.of', { of })}
        classNames={{ input: classes.input }}
        inputMode="numeric"
        maxLength={3}
        value={typed}
        disabled={disabled}
        onChange={(event) => setTyped(event.currentTarget.value.replace(/\D/g, ''))}
        onBlur={takeTyped}
        onKeyDown={(event) => event.key === 'Enter' && takeTyped()}
      />
      <ActionIcon variant="default" size="lg" aria-label={t('quantity.more', { of })} disabled={disabled || value >= MOST} onClick={() => take(value + 1)}>
        <PlusIcon size={16} />
      </ActionIcon>
    </Group>
  )
}
