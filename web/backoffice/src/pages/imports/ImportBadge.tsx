import { Badge } from '@mantine/core'

import type { Import } from '../../api'
import { useTexts } from '../../office'

export function ImportBadge({ status }: { status: Import['status'] }) {
  const t = useTexts()
  const color = { RUNNING: 'blue', DONE: 'pine', REFUSED: 'red', FAILED: 'red', SUPERSEDED: 'gray' }[status]
  return (
    <Badge color={color} variant="light" tt="none">
      {t(`import.${status}`)}
    </Badge>
  )
}
