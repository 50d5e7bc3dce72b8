/** Signing in: with a key of one of the clouds, or the admin token. What is typed goes to the server once and is kept nowhere. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, send, type SessionFacts } from '../api.ts'
import { t } from '../texts.ts'

const WAYS = ['alibaba', 'tencent', 'token'] as const

export function SignInPage(props: {
  readonly onSignedIn: (facts: SessionFacts) => void
  readonly hasEnded: boolean
}) {
  const [way, setWay] = useState<(typeof WAYS)[number]>('alibaba')
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)
  const first = useRef<HTMLSelectElement>(null)
  useEffect(() => first.current?.focus(), [])
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const text = (name: string) => (form.get(name) as string | null) ?? ''
    const given =
      way === 'token'
        ? { token: text('token') }
        : { cloud: way, keyId: text('keyId'), secret: text('secret') }
    setBusy(true)
    setProblem('')
    try {
      props.onSignedIn(await send<SessionFacts>('session', given))
    } catch (refusal) {
      setProblem(
        refusal instanceof ApiProblem && refusal.status !== 0 ? refusal.message : t('live.away'),
      )
      setBusy(false)
    }
  }
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      <h1>{t('signIn.title')}</h1>
      {props.hasEnded && <p>{t('signIn.ended')}</p>}
      <label>
        {t('signIn.with')}
        <select
          ref={first}
          value={way}
          onChange={(event) => setWay(event.currentTarget.value as typeof way)}
        >
          {WAYS.map((each) => (
            <option key={each} value={each}>
              {t(`signIn.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <Fields ofToken={way === 'token'} />
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      <button type="submit" class="main" disabled={isBusy}>
        {t('signIn.go')}
      </button>
    </form>
  )
}

function Fields({ ofToken }: { readonly ofToken: boolean }) {
  return ofToken ? (
    <label>
      {t('signIn.token')}
      <input name="token" type="password" autocomplete="off" required />
      <small>{t('signIn.tokenHint')}</small>
    </label>
  ) : (
    <>
      <label>
        {t('signIn.keyId')}
        <input name="keyId" autocomplete="username" spellcheck={false} required />
      </label>
      <label>
        {t('signIn.secret')}
        <input name="secret" type="password" autocomplete="current-password" required />
      </label>
    </>
  )
}
