import { useTexts } from '../shop'
import classes from './Stock.module.css'

const FEW = 5

/** Whether it can be bought, in words and not by colour alone. */
export function Stock({ stock }: { stock: number }) {
  const t = useTexts()
  const kind = stock < 1 ? 'none' : stock <= FEW ? 'few' : 'plenty'
  return (
    <span className={classes.stock} data-kind={kind}>
      {kind === 'few' ? t('stock.few', { count: stock }) : t(`stock.${kind}`)}
    </span>
  )
}
