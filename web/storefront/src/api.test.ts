import type { Config, Session } from '@orderproc/shared'
import { afterEach, expect, it, vi } from 'vitest'

import { Api } from './api'
import type { GuestTokens } from './guestTokens'

const config: Config = { apiUrl: 'https://api.test/api', region: 'eu-west-1', userPoolId: 'pool', userPoolClientId: 'client' }
const asked: string[] = []

afterEach(() => {
  asked.length = 0
  vi.unstubAllGlobals()
})

function apiOf(more: Partial<Config>): Api {
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    return Promise.resolve(new Response('{}'))
  })
  return new Api({ ...config, ...more }, {} as Session, {} as GuestTokens)
}

it('reads the catalogue from its cache, and what will be bought from the API itself', async () => {
  const api = apiOf({ catalogueUrl: 'https://d1.cloudfront.net' })

  await api.products('', null)
  await api.product('A/1')
  await api.productNow('A/1')

  expect(asked).toEqual([
    'https://d1.cloudfront.net/products?limit=24',
    'https://d1.cloudfront.net/products/A%2F1',
    'https://api.test/api/products/A%2F1',
  ])
})

it.each([{}, { catalogueUrl: null }])('reads all from the API where there is no cache', async (more) => {
  await apiOf(more).product('A1')

  expect(asked).toEqual(['https://api.test/api/products/A1'])
})
