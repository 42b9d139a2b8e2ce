/** Amounts as the API sends them: a decimal number or text. They are summed as whole minor units, never as binary
 *  fractions, and shown with every digit they have. */
export type Amount = number | string

const formats = new Map<string, Intl.NumberFormat>()

/** Each is slow to make, and a page shows many amounts. */
function formatOf(locale: string, currency: string, digits?: number, shown?: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${digits} ${shown}`
  const found =
    formats.get(key) ??
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      ...(digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: shown }),
    })
  formats.set(key, found)
  return found
}

/** The digits of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for BHD. */
export function digitsOf(currency: string): number {
  return formatOf('en', currency).resolvedOptions().maximumFractionDigits ?? 2
}

/** Plain decimal text, without an exponent. Throws RangeError for what is no finite decimal. */
export function decimal(amount: Amount): string {
  const text = String(amount).trim()
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text)
  if (!parts) throw new RangeError(`${text} is no amount`)
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = parts
  const shift = Number(exponent)
  if (shift === 0) return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`
  const digits = whole + fraction
  const point = whole.length + shift
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** In units of 10^-scale. Throws RangeError for an amount with more digits than that: nothing is rounded away. */
export function toUnits(amount: Amount, scale: number): bigint {
  const text = decimal(amount)
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const kept = fraction.replace(/0+$/, '')
  if (kept.length > scale) throw new RangeError(`${text} has more than ${scale} decimals`)
  const units = BigInt(whole + kept.padEnd(scale, '0'))
  return text.startsWith('-') ? -units : units
}

export function fromUnits(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : ''
  const text = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** A price times a quantity, exactly. */
export function times(price: Amount, quantity: number): string {
  const scale = fractionOf(price)
  return fromUnits(toUnits(price, scale) * BigInt(quantity), scale)
}

/** The sum, exactly, with as many decimals as its longest part. */
export function sum(amounts: readonly Amount[]): string {
  const scale = Math.max(0, ...amounts.map(fractionOf))
  return fromUnits(amounts.reduce((total, amount) => total + toUnits(amount, scale), 0n), scale)
}

/** Whether two amounts are the same number, however they are written. */
export function equal(one: Amount, other: Amount): boolean {
  const scale = Math.max(fractionOf(one), fractionOf(other))
  return toUnits(one, scale) === toUnits(other, scale)
}

function fractionOf(amount: Amount): number {
  return decimal(amount).split('.')[1]?.length ?? 0
}

/** As it is written in the reader's language, with at least the currency's digits, and more where the amount has them. */
export function formatMoney(amount: Amount, currency: string, locale: string): string {
  const text = decimal(amount)
  const usual = formatOf(locale, currency)
  const digits = usual.resolvedOptions().maximumFractionDigits ?? 2
  const shown = (text.split('.')[1] ?? '').replace(/0+$/, '').length
  return (shown > digits ? formatOf(locale, currency, digits, shown) : usual).format(text as `${number}`)
}
