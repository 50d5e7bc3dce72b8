/** A new cluster: what can be made, and the form that makes it. */
import { useRef } from 'preact/hooks'
import type { Forms } from '../../src/console/form.ts'
import type { SessionFacts } from '../api.ts'
import { useRemote } from '../live.ts'
import { go, setQuery, usePlace } from '../location.ts'
import { ActionForm } from '../part/action-form.tsx'
import { Remotely } from '../part/remote.tsx'
import { t, word } from '../texts.ts'

export function CreatePage({ session }: { readonly session: SessionFacts }) {
  const remote = useRemote<Forms>('forms')
  return (
    <>
      <h1>{t('nav.create')}</h1>
      <Remotely of={remote}>{(forms) => <Choose forms={forms} session={session} />}</Remotely>
    </>
  )
}

function Choose({ forms, session }: { readonly forms: Forms; readonly session: SessionFacts }) {
  const { query } = usePlace()
  // What is asked for again when something changed must not begin the form again.
  const first = useRef(forms)
  const all = first.current.clouds.flatMap(({ cloud, creations }) =>
    creations.map((spec) => ({ cloud, ...spec })),
  )
  const chosen = all.find(({ action }) => action === query.get('form')) ?? all[0]
  if (!chosen) return <p>{t('common.none')}</p>
  const accounts = (session.accounts ?? []).filter(({ cloud }) => cloud === chosen.cloud)
  const account = accounts.find(({ id }) => id === query.get('account')) ?? accounts[0]
  return (
    <>
      <p class="filters">
        <label>
          {t('create.what')}
          <select
            value={chosen.action}
            onChange={(event) => setQuery({ form: event.currentTarget.value })}
          >
            {all.map(({ action, product, does }) => (
              <option key={action} value={action}>
                {word('create', `${product}.${does}`)} ({action})
              </option>
            ))}
          </select>
        </label>
        {session.administrator && (
          <label>
            {t('column.account')}
            <select
              value={account?.id}
              onChange={(event) => setQuery({ account: event.currentTarget.value })}
            >
              {accounts.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name} {id}
                </option>
              ))}
            </select>
          </label>
        )}
      </p>
      <ActionForm
        key={`${chosen.action} ${account?.id ?? ''}`}
        spec={chosen}
        target={{
          cloud: chosen.cloud,
          ...(session.administrator && account ? { account: account.id } : {}),
        }}
        button={t('create.go')}
        onDone={(answer) => {
          const id = idIn(answer)
          go(id === undefined ? '/clusters' : `/clusters/${id}`)
        }}
      />
    </>
  )
}

/** Both clouds call it so, in one envelope or the other. */
function idIn(answer: unknown): string | undefined {
  const { Data: flat, Response: nested } = answer as Record<
    string,
    { readonly InstanceId?: string } | undefined
  >
  return (flat ?? nested)?.InstanceId
}
