import { Button, Group, Stack, Text } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { useFocusOnWrong } from '@orderproc/shared'

import type { Address } from '../../api'
import { AddressBook, addressOf, EMPTY, formOf, missingIn, type AddressForm } from '../../parts/address'
import { AddressFields, AddressLines } from '../../parts/AddressFields'
import { Page, Panel } from '../../parts/Page'
import { SignedIn } from '../../parts/SignedIn'
import { Empty } from '../../parts/states'
import { useShop, useTexts } from '../../shop'
import classes from './Addresses.module.css'

export default function Addresses() {
  return <SignedIn>{(person) => <Book key={person.sub} sub={person.sub} />}</SignedIn>
}

function Book({ sub }: { sub: string }) {
  const { device } = useShop()
  const t = useTexts()
  const [book] = useState(() => new AddressBook(device, sub))
  const [addresses, setAddresses] = useState(() => book.all())
  /** The place of the one that is being changed; -1 for a new one. */
  const [editing, setEditing] = useState<number | null>(null)

  const save = (address: Address) => {
    setAddresses(editing === null || editing < 0 ? book.add(address) : book.replace(editing, address))
    setEditing(null)
  }
  if (editing !== null) {
    return (
      <Page title={t(editing < 0 ? 'addresses.add' : 'addresses.change')} narrow>
        <Editor start={editing < 0 ? EMPTY : formOf(addresses[editing])} save={save} cancel={() => setEditing(null)} />
      </Page>
    )
  }
  const add = <Button onClick={() => setEditing(-1)}>{t('addresses.add')}</Button>
  return (
    <Page title={t('addresses.title')} aside={addresses.length > 0 && add}>
      <Text c="dimmed">{t('addresses.where')}</Text>
      {addresses.length === 0 ? (
        <Empty title={t('addresses.empty.title')} text={t('addresses.empty.text')}>
          {add}
        </Empty>
      ) : (
        <ul className={classes.list}>
          {addresses.map((address, n) => (
            <li key={n} className={classes.address}>
              <AddressLines address={address} />
              <Group gap="xs">
                <Button variant="default" size="compact-sm" onClick={() => setEditing(n)}>
                  {t('addresses.edit')}
                </Button>
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => setAddresses(book.remove(n))}>
                  {t('addresses.remove')}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}

function Editor({ start, save, cancel }: { start: AddressForm; save: (address: Address) => void; cancel: () => void }) {
  const t = useTexts()
  const [form, setForm] = useState(start)
  const [refused, setRefused] = useState(0)
  const missing = refused ? missingIn(form) : {}
  const element = useFocusOnWrong(refused)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (Object.keys(missingIn(form)).length > 0) setRefused((n) => n + 1)
    else save(addressOf(form))
  }
  const errors = Object.fromEntries(Object.entries(missing).map(([field, text]) => [field, t(text)]))
  return (
    <Panel>
      <form ref={element} onSubmit={submit} noValidate>
        <Stack gap="lg">
          <AddressFields value={form} onChange={setForm} errors={errors} />
          <Group>
            <Button type="submit">{t('addresses.save')}</Button>
            <Button variant="default" onClick={cancel}>
              {t('addresses.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
