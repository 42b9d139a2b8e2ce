import { Stack, Text } from '@mantine/core'

import { Problem } from '@orderproc/shared'

import { Note } from '../../parts/states'
import { useWords } from '../../parts/words'
import { useTexts } from '../../shop'

/** Fields of the form that show their own error. */
const SHOWN = /^(shippingAddress\..+|customerEmail|note|paymentMethod|productId|quantity)$/

/** Why the order was not taken, with what the API says of anything that has no field here. */
export function Refused({ error }: { error: Error }) {
  const t = useTexts()
  const words = useWords()
  const others = error instanceof Problem ? error.errors.filter(({ field }) => !SHOWN.test(field)) : []
  return (
    <Note kind="bad" title={t('checkout.refused')}>
      <Stack gap="xs">
        <Text size="sm">{words(error)}</Text>
        {others.map(({ field, message }) => (
          <Text size="sm" key={field + message}>
            {field ? `${field}: ${message}` : message}
          </Text>
        ))}
      </Stack>
    </Note>
  )
}
