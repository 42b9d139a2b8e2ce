import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { Problem } from '@orderproc/shared'

import type { ProductRequest } from '../../api'
import { useApi, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { ProductForm } from './ProductForm'

/** An id that is taken is refused here: the API would replace that product. */
export default function NewProduct() {
  const api = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const t = useTexts()
  const [typed, setTyped] = useState('')
  const productId = typed.trim()
  const create = useMutation({
    mutationFn: async (body: ProductRequest) => {
      const taken = await api.product(productId).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Problem && error.status === 404) return false
          throw error
        },
      )
      if (taken) throw new Error(t('product.taken', { id: productId }))
      return api.putProduct(productId, body)
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['products'] })
      return navigate({ to: '/products/$productId', params: { productId } })
    },
  })
  return (
    <Page title={t('products.new')}>
      <Panel>
        <TextInput label={t('product.id')} required withAsterisk={false} maxLength={64} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <ProductForm product={null} busy={create.isPending} error={create.error} onSave={(body) => (productId ? create.mutate(body) : undefined)} />
      </Panel>
    </Page>
  )
}
