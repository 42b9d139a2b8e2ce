import { expect, it } from 'vitest'

import { configFrom, poolOf } from './config'

const whole = { apiUrl: 'https://api.test/', region: 'eu-west-1', userPoolId: 'pool', userPoolClientId: 'client' }

it('names everything that is missing', () => {
  expect(() => configFrom({ apiUrl: 'https://api.test', region: '' })).toThrow('config.json lacks region, userPoolId, userPoolClientId')
  expect(() => configFrom(null)).toThrow('lacks apiUrl')
})

it('finds Cognito of the region, unless another address is given', () => {
  expect(poolOf(configFrom(whole)).endpoint).toBe('https://cognito-idp.eu-west-1.amazonaws.com/')
  expect(poolOf(configFrom({ ...whole, cognitoUrl: 'http://127.0.0.1:4566/' })).endpoint).toBe('http://127.0.0.1:4566/')
  expect(configFrom(whole).apiUrl).toBe('https://api.test')
})
