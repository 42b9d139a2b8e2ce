import { times } from '@orderproc/shared'
import { Money } from '@orderproc/shared/parts/Money'

import type { Order } from '../../api'
import { useTexts } from '../../office'
import table from '../../parts/table.module.css'

export function Items({ order }: { order: Order }) {
  const t = useTexts()
  const { items, currency, totalAmount } = order
  return (
    <table className={table.plain}>
      <thead>
        <tr>
          <th scope="col">{t('items.product')}</th>
          <th scope="col">{t('items.quantity')}</th>
          <th scope="col">{t('items.price')}</th>
          <th scope="col">{t('items.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ productId, name, quantity, price }) => (
          <tr key={productId}>
            <td>
              {name || productId}
              {name && <small>{productId}</small>}
            </td>
            <td className="number">{quantity}</td>
            <td>
              <Money amount={price} currency={currency} />
            </td>
            <td>
              <Money amount={times(price, quantity)} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {t('order.total')}
          </th>
          <td>
            <strong>
              <Money amount={totalAmount} currency={currency} />
            </strong>
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
