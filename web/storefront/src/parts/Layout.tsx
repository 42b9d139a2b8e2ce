import { ActionIcon, NativeSelect, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

import { LOCALES, useLanguage, type Locale } from '@orderproc/shared'
import { LinkTo } from '@orderproc/shared/parts/LinkTo'
import { BagIcon, MoonIcon, SunIcon } from '@orderproc/shared/parts/icons'

import { usePerson, useShop, useTexts } from '../shop'
import { CartMerge } from './CartMerge'
import classes from './Layout.module.css'
import { Note } from './states'
import { useCartCount } from './useCart'

const NAMES: Record<Locale, string> = { en: 'English', nl: 'Nederlands', de: 'Deutsch', fr: 'Français', es: 'Español' }

export function Layout() {
  const { config, session } = useShop()
  const t = useTexts()
  const main = useRef<HTMLElement>(null)
  useFocusOnNavigation(main)
  const person = usePerson()
  const next = useWayBack()
  return (
    <div className={classes.layout}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" className={classes.brand}>
            <BagIcon size={24} />
            <span>{config.shopName ?? 'Shop'}</span>
          </Link>
          <Navigation />
          <CartLink />
        </div>
      </header>
      <main ref={main} id="main" tabIndex={-1} className={classes.main}>
        {session.ended && !person && (
          <Note kind="warning">
            {t('session.ended')}{' '}
            {next && (
              <LinkTo to="/sign-in" search={{ next }}>
                {t('nav.signIn')}
              </LinkTo>
            )}
          </Note>
        )}
        <CartMerge />
        <Outlet />
      </main>
      <Footer />
    </div>
  )
}

function Navigation() {
  const { session } = useShop()
  const person = usePerson()
  const client = useQueryClient()
  const router = useRouter()
  const next = useWayBack()
  const t = useTexts()
  const signOut = async () => {
    const revoked = session.signOut()
    client.clear()
    await router.navigate({ to: '/' })
    await revoked
  }
  return (
    <nav className={classes.nav} aria-label={t('nav.label')}>
      <Link to="/quick-order">{t('nav.quickOrder')}</Link>
      <Link to="/orders">{t('nav.orders')}</Link>
      {person ? (
        <>
          <Link to="/addresses">{t('nav.addresses')}</Link>
          <button type="button" onClick={() => void signOut()} title={person.email}>
            {t('nav.signOut')}
          </button>
        </>
      ) : (
        <Link to="/sign-in" search={{ next }}>
          {t('nav.signIn')}
        </Link>
      )}
    </nav>
  )
}

function CartLink() {
  const count = useCartCount()
  const t = useTexts()
  return (
    <span className={classes.cart}>
      <Link to="/cart" className={classes.cartLink}>
        {t('nav.cart')}
      </Link>
      <span className={classes.count} data-empty={count === 0 || undefined} aria-hidden="true">
        {count}
      </span>
      <span className={classes.announced} role="status">
        {count > 0 ? t('cart.count', { count }) : ''}
      </span>
    </span>
  )
}

function Footer() {
  const { config } = useShop()
  const { locale, choose } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const t = useTexts()
  return (
    <footer className={classes.footer}>
      <div className={classes.bar}>
        <span>{config.payments === 'simulated' && t('footer.text')}</span>
        <div className={classes.choices}>
          <NativeSelect
            size="xs"
            aria-label={t('footer.language')}
            value={locale}
            data={LOCALES.map((value) => ({ value, label: NAMES[value] }))}
            onChange={(event) => choose(event.currentTarget.value as Locale)}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t(scheme === 'dark' ? 'footer.light' : 'footer.dark')}
            onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
          >
            {scheme === 'dark' ? <SunIcon size={18} /> : <MoonIcon size={18} />}
          </ActionIcon>
        </div>
      </div>
    </footer>
  )
}

/** Where to go after signing in: to the page at hand, unless that is one of those for signing in. */
function useWayBack(): string | undefined {
  const href = useRouterState({ select: (state) => state.location.href })
  return /^\/(sign-in|create-account|forgotten-password)/.test(href) ? undefined : href
}

/** A new page begins at its top, for the eye and for the keyboard; the first one begins as the browser does. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>) {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true })
    before.current = path
  }, [main, path])
}
