import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'

import { Problem } from '@orderproc/shared'
import { ButtonTo, LinkTo } from '@orderproc/shared/parts/LinkTo'
import { Money } from '@orderproc/shared/parts/Money'

import type { Product as Shown } from '../../api'
import { Page } from '../../parts/Page'
import { ProductPicture } from '../../parts/ProductPicture'
import { Quantity } from '../../parts/Quantity'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import { Stock } from '../../parts/Stock'
import { productQuery, useAddToCart } from '../../parts/useCart'
import { useApi, useTexts } from '../../shop'
import classes from './Product.module.css'

export default function Product() {
  const { productId } = useParams({ from: '/products/$productId' })
  const api = useApi()
  const t = useTexts()
  const { data, error, refetch } = useQuery(productQuery(api, productId))
  const withdrawn = data === null || (error instanceof Problem && error.status === 404)
  return (
    <Page title={data?.name ?? t('product.title')}>
      {withdrawn ? (
        <Empty title={t('product.gone.title')} text={t('product.gone.text')}>
          <ButtonTo to="/">{t('product.back')}</ButtonTo>
        </Empty>
      ) : data ? (
        <Details product={data} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Details({ product }: { product: Shown }) {
  const t = useTexts()
  return (
    <div className={classes.product}>
      <div className={classes.picture}>
        <ProductPicture product={product} eager />
      </div>
      <Stack gap="lg">
        <div className={classes.price}>
          <Money amount={product.price} currency={product.currency} />
        </div>
        <Stock stock={product.stock} />
        {product.description && <Text className={classes.description}>{product.description}</Text>}
        {product.stock > 0 ? <Buy product={product} /> : <Note kind="info">{t('product.soldOut')}</Note>}
        <Text size="sm" c="dimmed">
          {t('product.id', { id: product.productId })}
        </Text>
      </Stack>
    </div>
  )
}

function Buy({ product }: { product: Shown }) {
  const { add, isPending } = useAddToCart()
  const t = useTexts()
  const [quantity, setQuantity] = useState(1)
  const [added, setAdded] = useState(0)
  const [failed, setFailed] = useState<unknown>(null)
  const press = async () => {
    setFailed(null)
    setAdded(0)
    try {
      await add(product.productId, quantity)
      setAdded(quantity)
    } catch (error) {
      setFailed(error)
    }
  }
  return (
    <Stack gap="md">
      <Group gap="md">
        <Quantity value={quantity} onChange={setQuantity} of={product.name} />
        <Button size="md" loading={isPending} onClick={() => void press()}>
          {t('product.add')}
        </Button>
      </Group>
      {added > 0 && (
        <Note kind="good">
          {t('product.added', { count: added })} <LinkTo to="/cart">{t('product.toCart')}</LinkTo>
        </Note>
      )}
      {failed !== null && <Failed error={failed} />}
    </Stack>
  )
}
