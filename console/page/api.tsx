/** What the server can do, as it says itself under `/_emrys/openapi`, and each of it to try: as the session's owner, by the same policies. */
import { useEffect, useState } from 'preact/hooks'
import type { SessionFacts } from '../api.ts'
import { setQuery, usePlace } from '../location.ts'
import { ADMIN, operations, type Operation } from '../operation.ts'
import { ActionForm } from '../part/action-form.tsx'
import { Answer, OperationForm } from '../part/operation-form.tsx'
import { t } from '../texts.ts'

/** More of them nobody reads: a filter leaves fewer. */
const SHOWN = 60

export function ApiPage({ session }: { readonly session: SessionFacts }) {
  const { query } = usePlace()
  const [all, setAll] = useState<readonly Operation[] | undefined>()
  useEffect(() => void operations().then(setAll, () => {}), [])
  if (!all) return <p class="waiting">{t('common.loading')}</p>
  const usable = all.filter(({ tag }) => session.administrator || tag === session.cloud)
  const filter = query.get('name') ?? ''
  const found = usable.filter((each) =>
    `${each.tag} ${each.path} ${each.summary}`.toLowerCase().includes(filter.toLowerCase()),
  )
  const chosen = usable.find(({ operationId }) => operationId === query.get('operation'))
  return (
    <>
      <h1>{t('nav.api')}</h1>
      <p class="filters">
        <label>
          {t('api.filter')}
          <input
            type="search"
            value={filter}
            onInput={(event) => setQuery({ name: event.currentTarget.value })}
          />
        </label>
        <span role="status">{t('api.count', found.length, usable.length)}</span>
      </p>
      <div class="beside">
        <ul class="rows operations" aria-label={t('api.operations')}>
          {found.slice(0, SHOWN).map((each) => (
            <li key={each.operationId}>
              <button
                type="button"
                aria-pressed={each === chosen}
                onClick={() => setQuery({ operation: each.operationId })}
              >
                {each.tag === ADMIN ? `${each.method} ${each.path}` : `${each.tag} ${each.summary}`}
              </button>
            </li>
          ))}
        </ul>
        {chosen && <Chosen key={chosen.operationId} operation={chosen} session={session} />}
      </div>
    </>
  )
}

function Chosen(props: { readonly operation: Operation; readonly session: SessionFacts }) {
  const { operation, session } = props
  const { method, path, summary, description = '', tag } = operation
  const { parameters, requestBody, responses } = operation
  const [answer, setAnswer] = useState<string | undefined>()
  const accounts = (session.accounts ?? []).filter(({ cloud }) => cloud === tag)
  const [account, setAccount] = useState(accounts[0]?.id)
  return (
    <section aria-labelledby="operation">
      <h2 id="operation">{tag === ADMIN ? path : summary}</h2>
      <p>
        <code>
          {method} {path}
        </code>{' '}
        {tag === ADMIN ? summary : description}
      </p>
      <details>
        <summary>{t('api.shape')}</summary>
        <pre class="log" tabIndex={0} role="region" aria-label={t('api.shape')}>
          {JSON.stringify({ parameters, requestBody, responses }, null, 2)}
        </pre>
      </details>
      <h3>{t('api.try')}</h3>
      {tag === ADMIN ? (
        <OperationForm operation={operation} />
      ) : (
        <>
          {session.administrator && (
            <label>
              {t('column.account')}{' '}
              <select value={account} onChange={(event) => setAccount(event.currentTarget.value)}>
                {accounts.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name} {id}
                  </option>
                ))}
              </select>
            </label>
          )}
          <ActionForm
            key={account}
            spec={{ does: summary, action: summary }}
            target={{
              cloud: tag,
              ...(session.administrator && account !== undefined ? { account } : {}),
            }}
            button={t('api.send')}
            onDone={(found) => setAnswer(JSON.stringify(found, null, 2))}
          />
          {answer !== undefined && <Answer text={answer} />}
        </>
      )}
    </section>
  )
}
