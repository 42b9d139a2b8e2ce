import { join } from 'node:path'

import { textsHold } from '@orderproc/shared/testing'

import { loadTexts } from './index'

await textsHold(loadTexts, join(import.meta.dirname, '..'))
