import { ActionIcon, NativeSelect, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'

import { LOCALES, useLanguage, type Locale } from '@orderproc/shared'
import { BagIcon, MoonIcon, SunIcon } from '@orderproc/shared/parts/icons'

import { useOffice, usePerson, useTexts } from '../office'
import { isStaff } from '../pages/signIn/isStaff'
import classes from './Layout.module.css'
import { NAVIGATION } from './navigation'
import { Failed, Loading } from './states'
import { useMay, useMe } from './useMay'

const NAMES: Record<Locale, string> = { en: 'English', nl: 'Nederlands', de: 'Deutsch', fr: 'Français', es: 'Español' }
const SignIn = lazy(() => import('../pages/signIn/SignIn'))

/** Every page, for those who are signed in; others sign in first, and are then where they were going. */
export function Layout() {
  const t = useTexts()
  const person = usePerson()
  const staff = person !== null && isStaff(person)
  const main = useRef<HTMLElement>(null)
  useFocusOnNavigation(main)
  return (
    <div className={classes.layout}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <Header />
      <div className={staff ? classes.body : undefined}>
        {staff && <Navigation />}
        <main ref={main} id="main" tabIndex={-1} className={classes.main}>
          {staff ? (
            <Pages />
          ) : (
            <Suspense fallback={<Loading />}>
              <SignIn />
            </Suspense>
          )}
        </main>
      </div>
    </div>
  )
}

/** Once it is known what may be offered. */
function Pages() {
  const { data, error, refetch } = useMe()
  if (error) return <Failed error={error} retry={() => void refetch()} />
  return data ? <Outlet /> : <Loading />
}

function Header() {
  const { config, session } = useOffice()
  const person = usePerson()
  const client = useQueryClient()
  const t = useTexts()
  const signOut = () => {
    void session.signOut()
    client.clear()
  }
  return (
    <header className={classes.header}>
      <div className={classes.brand}>
        <BagIcon size={22} />
        <span>
          {config.shopName ?? 'Shop'} <small>{t('office.name')}</small>
        </span>
      </div>
      <div className={classes.choices}>
        {person && (
          <button type="button" className={classes.signOut} title={person.email} onClick={signOut}>
            {t('nav.signOut')}
          </button>
        )}
        <Choices />
      </div>
    </header>
  )
}

function Choices() {
  const { locale, choose } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const t = useTexts()
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t('office.language')}
        value={locale}
        data={LOCALES.map((value) => ({ value, label: NAMES[value] }))}
        onChange={(event) => choose(event.currentTarget.value as Locale)}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t(scheme === 'dark' ? 'office.light' : 'office.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <SunIcon size={16} /> : <MoonIcon size={16} />}
      </ActionIcon>
    </>
  )
}

function Navigation() {
  const t = useTexts()
  const may = useMay()
  return (
    <nav className={classes.nav} aria-label={t('nav.label')}>
      {NAVIGATION.filter(({ permission }) => may(permission)).map(({ to, text }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
          {t(text)}
        </Link>
      ))}
    </nav>
  )
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
