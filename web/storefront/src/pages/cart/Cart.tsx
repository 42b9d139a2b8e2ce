import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { ButtonTo, LinkTo } from '@orderproc/shared/parts/LinkTo'
import { Money } from '@orderproc/shared/parts/Money'

import { Columns, Page, Panel } from '../../parts/Page'
import { ProductPicture } from '../../parts/ProductPicture'
import { Quantity } from '../../parts/Quantity'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { useCart, useSetQuantity, type CartLine, type LineProblem, type ShownCart } from '../../parts/useCart'
import { useTexts, type Text } from '../../shop'
import classes from './Cart.module.css'

const PROBLEMS: Record<LineProblem, Text> = {
  WITHDRAWN: 'cart.problem.withdrawn',
  CURRENCY: 'cart.problem.currency',
  TOO_LARGE: 'cart.problem.tooLarge',
  SHORT: 'cart.problem.short',
}

export default function Cart() {
  const cart = useCart()
  const t = useTexts()
  return (
    <Page title={t('cart.title')}>
      {cart.error ? (
        <Failed error={cart.error} retry={cart.refetch} />
      ) : cart.isPending ? (
        <Loading />
      ) : cart.lines.length === 0 ? (
        <Empty title={t('cart.empty.title')} text={t('cart.empty.text')}>
          <ButtonTo to="/">{t('cart.browse')}</ButtonTo>
        </Empty>
      ) : (
        <Filled cart={cart} />
      )}
    </Page>
  )
}

function Filled({ cart }: { cart: ShownCart }) {
  const t = useTexts()
  const setQuantity = useSetQuantity()
  const blocked = cart.lines.some(({ problem }) => problem !== null && problem !== 'SHORT')
  return (
    <Columns
      side={
        <Panel title={t('cart.summary')}>
          <div className={classes.total}>
            <span>{t('cart.total')}</span>
            <strong>
              <Money amount={cart.total} currency={cart.currency} />
            </strong>
          </div>
          {blocked && <Note kind="warning">{t('cart.blocked')}</Note>}
          {blocked ? (
            <Button size="md" disabled>
              {t('cart.checkout')}
            </Button>
          ) : (
            <ButtonTo to="/checkout" size="md">
              {t('cart.checkout')}
            </ButtonTo>
          )}
          <LinkTo to="/" size="sm" ta="center">
            {t('cart.continue')}
          </LinkTo>
        </Panel>
      }
    >
      {setQuantity.error && <Failed error={setQuantity.error} />}
      <ul className={classes.lines}>
        {cart.lines.map((line) => (
          <Line
            key={line.productId}
            line={line}
            set={(quantity) => setQuantity.mutate({ productId: line.productId, quantity })}
            busy={setQuantity.isPending && setQuantity.variables.productId === line.productId}
          />
        ))}
      </ul>
    </Columns>
  )
}

function Line({ line, set, busy }: { line: CartLine; set: (quantity: number) => void; busy: boolean }) {
  const t = useTexts()
  const { productId, name, quantity, price, lineTotal, currency, problem } = line
  return (
    <li className={classes.line}>
      <div className={classes.picture}>
        <ProductPicture product={line} />
      </div>
      <div className={classes.what}>
        <Link to="/products/$productId" params={{ productId }} className={classes.name}>
          {name}
        </Link>
        {price !== null && (
          <span className={classes.each}>
            <Money amount={price} currency={currency} /> {t('cart.each')}
          </span>
        )}
        {problem && <span className={classes.problem}>{t(PROBLEMS[problem])}</span>}
      </div>
      <Quantity value={quantity} onChange={set} of={name} disabled={busy} />
      <strong className={classes.lineTotal}>{lineTotal !== null && <Money amount={lineTotal} currency={currency} />}</strong>
      <Button variant="subtle" color="gray" size="compact-sm" disabled={busy} aria-label={t('cart.removeOf', { of: name })} onClick={() => set(0)}>
        {t('cart.remove')}
      </Button>
    </li>
  )
}
