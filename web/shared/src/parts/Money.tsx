import { formatMoney, useLanguage, type Amount } from '../index'

export function Money({ amount, currency }: { amount: Amount; currency: string }) {
  const { locale } = useLanguage()
  return <span className="number">{formatMoney(amount, currency, locale)}</span>
}
