import { useState } from 'react'

import type { Product } from '../api'
import classes from './ProductPicture.module.css'

/** The product's picture; where there is none, or it does not load, its first letter on a quiet ground. An eager one is shown
 *  by the outline before: decoded later, it would vanish for a moment. */
export function ProductPicture({ product, eager = false }: { product: Pick<Product, 'name' | 'imageUrl'>; eager?: boolean }) {
  const [broken, setBroken] = useState(false)
  const { imageUrl, name } = product
  return (
    <div className={classes.frame} aria-hidden="true">
      {imageUrl && !broken ? (
        <img src={imageUrl} alt="" loading={eager ? 'eager' : 'lazy'} fetchPriority={eager ? 'high' : 'auto'} decoding={eager ? 'auto' : 'async'} onError={() => setBroken(true)} className={classes.picture} width={640} height={480} />
      ) : (
        <span className={classes.letter}>{[...name.trim()][0]?.toUpperCase() ?? '·'}</span>
      )}
    </div>
  )
}
