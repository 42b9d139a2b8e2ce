import type { Order } from '../../api'
import classes from './Order.module.css'

type Shown = NonNullable<Order['shippingAddress'] | Order['billingAddress']>

export function Address({ address }: { address: Shown }) {
  const { name, company, street, street2, zipCode, city, state, country } = address
  const lines = [name, company, street, street2, [zipCode, city].filter(Boolean).join(' '), [state, country].filter(Boolean).join(', ')]
  return (
    <address className={classes.address}>
      {lines.filter(Boolean).map((line, n) => (
        <span key={n}>{line}</span>
      ))}
    </address>
  )
}
