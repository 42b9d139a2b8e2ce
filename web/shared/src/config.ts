import type { Pool } from './cognito'

/** What differs from stage to stage: `config.json` beside index.html, written when the site is uploaded. */
export interface Config {
  /** The API's address, without a slash at its end. */
  apiUrl: string
  /** Where the catalogue is read, which may be some seconds old there; null where it is the API itself. */
  catalogueUrl?: string | null
  region: string
  userPoolId: string
  userPoolClientId: string
  /** The back office's client of the same pool: staff routes accept no other's tokens. */
  staffClientId?: string
  /** Cognito's address; AWS's own for the region by default. */
  cognitoUrl?: string
  /** Of the site's own usage plan; without it guests can't order. */
  publishableKey?: string
  shopName?: string
  /** `simulated` offers test cards at checkout. */
  payments?: 'simulated' | 'stripe'
}

const REQUIRED = ['apiUrl', 'region', 'userPoolId', 'userPoolClientId'] as const

/** Throws an Error that names everything that is missing. */
export function configFrom(read: unknown): Config {
  const found = (typeof read === 'object' && read !== null ? read : {}) as Record<string, unknown>
  const missing = REQUIRED.filter((name) => typeof found[name] !== 'string' || found[name] === '')
  if (missing.length > 0) throw new Error(`config.json lacks ${missing.join(', ')}`)
  const config = found as unknown as Config
  return { ...config, apiUrl: config.apiUrl.replace(/\/+$/, '') }
}

/** Where the catalogue is read. */
export const catalogueOf = ({ catalogueUrl, apiUrl }: Config): string => catalogueUrl ?? apiUrl

/** What config.json says, as it is. */
export async function readConfig(): Promise<unknown> {
  const response = await fetch('./config.json', { credentials: 'same-origin' })
  if (!response.ok) throw new Error(`config.json: HTTP ${response.status}`)
  return response.json()
}

export const poolOf = ({ cognitoUrl, region, userPoolClientId }: Config): Pool => ({
  endpoint: cognitoUrl ?? `https://cognito-idp.${region}.amazonaws.com/`,
  clientId: userPoolClientId,
})

/** For staff; where there is no client of their own, the shop's. */
export const staffPoolOf = (config: Config): Pool => ({ ...poolOf(config), clientId: config.staffClientId ?? config.userPoolClientId })
