/** The frame of every page: who is signed in, the way to the other pages, and whether the server answers. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask, send, useSession, type SessionFacts } from './api.ts'
import { choose, useChoices, type Theme } from './choice.ts'
import { useConnected } from './live.ts'
import { focusPage, usePlace } from './location.ts'
import { AdministrationPage, areas } from './page/administration.tsx'
import { ApiPage } from './page/api.tsx'
import { ClusterPage } from './page/cluster.tsx'
import { ClustersPage } from './page/clusters.tsx'
import { CreatePage } from './page/create.tsx'
import { OverviewPage } from './page/overview.tsx'
import { RequestsPage } from './page/requests.tsx'
import { SignInPage } from './page/sign-in.tsx'
import { SqlPage } from './page/sql.tsx'
import { WorldPage } from './page/world.tsx'
import { Link } from './part/link.tsx'
import { t, type TextKey } from './texts.ts'

const PAGES: readonly {
  readonly path: string
  readonly text: TextKey
  readonly forAdministrator?: true
}[] = [
  { path: '/', text: 'nav.overview' },
  { path: '/clusters', text: 'nav.clusters' },
  { path: '/create', text: 'nav.create' },
  { path: '/requests', text: 'nav.requests' },
  { path: '/api', text: 'nav.api' },
  { path: '/world', text: 'nav.world', forAdministrator: true },
  { path: '/identity', text: 'nav.identity', forAdministrator: true },
  { path: '/billing', text: 'nav.billing', forAdministrator: true },
  { path: '/environment', text: 'nav.environment', forAdministrator: true },
]

export function App() {
  const [session, setSession] = useState<SessionFacts | undefined>()
  const [hasEnded, setEnded] = useState(false)
  useChoices()
  const end = useCallback(() => {
    setEnded(true)
    setSession({ signedIn: false })
  }, [])
  const begin = (facts: SessionFacts) => {
    useSession(facts, end)
    setEnded(false)
    setSession(facts)
  }
  const enter = (facts: SessionFacts) => {
    begin(facts)
    focusPage()
  }
  useEffect(() => {
    let timer: number | undefined
    const look = () => {
      ask<SessionFacts>('session').then(begin, () => (timer = window.setTimeout(look, 1_000)))
    }
    look()
    return () => window.clearTimeout(timer)
  }, [])
  const signOut = () => {
    void send<SessionFacts>('session', {}, 'DELETE').then(() => setSession({ signedIn: false }))
  }
  if (!session) return <p class="waiting">{t('common.loading')}</p>
  return (
    <>
      <a class="skip" href="#content">
        {t('nav.skip')}
      </a>
      <Header session={session} signOut={signOut} />
      <main id="content" tabIndex={-1}>
        {session.signedIn ? (
          <Page session={session} />
        ) : (
          <SignInPage onSignedIn={enter} hasEnded={hasEnded} />
        )}
      </main>
    </>
  )
}

function Page({ session }: { readonly session: SessionFacts }) {
  const { path } = usePlace()
  const cluster = /^\/clusters\/([\w.-]+)$/.exec(path)?.[1]
  const statements = /^\/clusters\/([\w.-]+)\/sql$/.exec(path)?.[1]
  if (statements !== undefined) return <SqlPage id={statements} key={statements} />
  if (cluster !== undefined) return <ClusterPage id={cluster} key={cluster} />
  if (path === '/') return <OverviewPage />
  if (path === '/clusters') return <ClustersPage />
  if (path === '/create') return <CreatePage session={session} />
  if (path === '/requests') return <RequestsPage />
  if (path === '/api') return <ApiPage session={session} />
  if (path === '/world' && session.administrator) return <WorldPage />
  const area = areas.find((each) => path === `/${each}`)
  if (area && session.administrator) return <AdministrationPage area={area} key={area} />
  return <p>{t('page.unknown')}</p>
}

function Header({ session, signOut }: { session: SessionFacts; signOut: () => void }) {
  const { path } = usePlace()
  const { theme, language } = useChoices()
  const themes: readonly Theme[] = ['system', 'light', 'dark']
  return (
    <header>
      <strong class="brand">Emrys</strong>
      {session.signedIn && (
        <nav aria-label={t('nav.main')}>
          {PAGES.filter(({ forAdministrator }) => !forAdministrator || session.administrator).map(
            (page) => (
              <Link
                key={page.path}
                to={page.path}
                current={page.path === '/' ? path === '/' : path.startsWith(page.path)}
              >
                {t(page.text)}
              </Link>
            ),
          )}
        </nav>
      )}
      <span class="space" />
      {session.signedIn && <span class="who">{whoOf(session)}</span>}
      <label class="theme">
        {t('nav.theme')}
        <select
          value={theme}
          onChange={(event) => choose({ theme: event.currentTarget.value as Theme })}
        >
          {themes.map((each) => (
            <option key={each} value={each}>
              {t(`theme.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        onClick={() => choose({ language: language === 'en' ? 'zh' : 'en' })}
      >
        {t('nav.language')}
      </button>
      {session.signedIn && (
        <button type="button" onClick={signOut}>
          {t('nav.signOut')}
        </button>
      )}
      {session.signedIn && <Connection />}
    </header>
  )
}

function Connection() {
  const connected = useConnected()
  return (
    <div role="status" class={connected ? 'connection' : 'connection away'}>
      {connected ? '' : t('live.away')}
    </div>
  )
}

function whoOf({ administrator, who, account, cloud }: SessionFacts): string {
  return administrator ? t('who.administrator') : `${who ?? ''} · ${account ?? ''} · ${cloud ?? ''}`
}
