import { Money } from '@orderproc/shared/parts/Money'

import type { Order } from '../../api'
import { useTexts } from '../../office'
import { Facts, Panel } from '../../parts/Page'

export function Payment({ order }: { order: Order }) {
  const t = useTexts()
  const { payment, currency, paymentMethod } = order
  return (
    <Panel title={t('order.payment')}>
      <Facts
        facts={[
          [t('payment.method'), paymentMethod],
          [t('payment.status'), payment?.status ?? t('payment.none')],
          [t('payment.captured'), payment && <Money amount={payment.amount} currency={currency} />],
          [t('payment.refunded'), payment && <Money amount={payment.refunded} currency={currency} />],
          [t('payment.reference'), payment?.reference],
        ]}
      />
    </Panel>
  )
}
