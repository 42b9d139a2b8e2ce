import { times } from '@orderproc/shared'
import { Money } from '@orderproc/shared/parts/Money'

import type { Order } from '../../api'
import { useTexts } from '../../shop'
import classes from './Order.module.css'

export function Items({ order }: { order: Order }) {
  const t = useTexts()
  const { items, currency, totalAmount, payment } = order
  return (
    <table className={classes.items}>
      <thead>
        <tr>
          <th scope="col">{t('items.product')}</th>
          <th scope="col">{t('items.quantity')}</th>
          <th scope="col">{t('items.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ productId, name, quantity, price }) => (
          <tr key={productId}>
            <td>
              {name || productId}
              <small>
                <Money amount={price} currency={currency} /> {t('cart.each')}
              </small>
            </td>
            <td className="number">{quantity}</td>
            <td>
              <Money amount={times(price, quantity)} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t('cart.total')}
          </th>
          <td>
            <strong>
              <Money amount={totalAmount} currency={currency} />
            </strong>
          </td>
        </tr>
        {payment && Number(payment.refunded) > 0 && (
          <tr>
            <th scope="row" colSpan={2}>
              {t('items.refunded')}
            </th>
            <td>
              <Money amount={payment.refunded} currency={currency} />
            </td>
          </tr>
        )}
      </tfoot>
    </table>
  )
}
