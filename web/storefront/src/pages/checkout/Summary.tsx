import { Money } from '@orderproc/shared/parts/Money'

import type { ShownCart } from '../../parts/useCart'
import { useTexts } from '../../shop'
import classes from './Checkout.module.css'

export function Summary({ cart }: { cart: ShownCart }) {
  const t = useTexts()
  return (
    <>
      <ul className={classes.lines}>
        {cart.lines.map(({ productId, name, quantity, lineTotal, currency, problem }) => (
          <li key={productId}>
            <span>
              <span className="number">{quantity} ×</span> {name}
              {problem && <small>{t(problem === 'SHORT' ? 'cart.problem.short' : 'cart.problem.withdrawn')}</small>}
            </span>
            {lineTotal !== null && <Money amount={lineTotal} currency={currency} />}
          </li>
        ))}
      </ul>
      <div className={classes.total}>
        <span>{t('cart.total')}</span>
        <strong>
          <Money amount={cart.total} currency={cart.currency} />
        </strong>
      </div>
    </>
  )
}
