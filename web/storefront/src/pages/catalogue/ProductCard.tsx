import { Button, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'

import { Money } from '@orderproc/shared/parts/Money'
import { CheckIcon } from '@orderproc/shared/parts/icons'

import type { Product } from '../../api'
import { ProductPicture } from '../../parts/ProductPicture'
import { Stock } from '../../parts/Stock'
import { useAddToCart } from '../../parts/useCart'
import { useWords } from '../../parts/words'
import { useTexts } from '../../shop'
import classes from './Catalogue.module.css'

export function ProductCard({ product, eager }: { product: Product; eager: boolean }) {
  const name = useId()
  const t = useTexts()
  return (
    <li className={classes.card}>
      <ProductPicture product={product} eager={eager} />
      <div className={classes.body}>
        <h2 id={name} className={classes.name}>
          <Link to="/products/$productId" params={{ productId: product.productId }} className={classes.link}>
            {product.name}
          </Link>
        </h2>
        <p className={classes.description}>{product.description}</p>
        <div className={classes.facts}>
          <strong>
            <Money amount={product.price} currency={product.currency} />
          </strong>
          <Stock stock={product.stock} />
        </div>
        <AddButton productId={product.productId} soldOut={product.stock < 1} describedBy={name} label={t('product.add')} />
      </div>
    </li>
  )
}

function AddButton({ productId, soldOut, describedBy, label }: { productId: string; soldOut: boolean; describedBy: string; label: string }) {
  const { add, isPending } = useAddToCart()
  const words = useWords()
  const [added, setAdded] = useState(false)
  const [failed, setFailed] = useState<unknown>(null)
  const press = async () => {
    setFailed(null)
    try {
      await add(productId, 1)
      setAdded(true)
      setTimeout(() => setAdded(false), 1500)
    } catch (error) {
      setFailed(error)
    }
  }
  return (
    <div className={classes.action}>
      {failed !== null && (
        <p role="alert" className={classes.failed}>
          {words(failed)}
        </p>
      )}
      <Button
        fullWidth
        variant="light"
        classNames={{ root: classes.add, label: classes.addLabel }}
        disabled={soldOut}
        loading={isPending}
        aria-describedby={describedBy}
        onClick={() => void press()}
        leftSection={added ? <CheckIcon size={16} /> : undefined}
      >
        {label}
      </Button>
    </div>
  )
}

export function GhostCards() {
  const t = useTexts()
  return (
    <div className={classes.grid} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: 8 }, (_, n) => (
        <div key={n} className={classes.card}>
          <Skeleton className={classes.ghost} radius={0} />
          <div className={classes.body}>
            <Skeleton height={20} width="70%" />
            <Skeleton height={14} />
            <Skeleton height={14} />
            <Skeleton height={20} width="50%" mt="auto" />
            <Skeleton height={36} mt={6} />
          </div>
        </div>
      ))}
    </div>
  )
}
