import { Badge } from '@mantine/core'

import { UNSUCCESSFUL } from '@orderproc/shared'

import type { Status } from '../api'
import { useTexts } from '../office'

/** An order's status: green once it is paid, grey when nothing came of it, blue on its way. */
export function StatusBadge({ status }: { status: Status }) {
  const t = useTexts()
  const color = status === 'COMPLETED' || status === 'CONFIRMED' ? 'pine' : status === 'FAILED' ? 'red' : UNSUCCESSFUL.includes(status) ? 'gray' : 'blue'
  return (
    <Badge color={color} variant="light" tt="none">
      {t(`status.${status}`)}
    </Badge>
  )
}
