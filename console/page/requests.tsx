/** What clients sent in the last hour, and why it was refused. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RecordedRequest } from '../../src/console/request-record.ts'
import { useRemote } from '../live.ts'
import { setQuery, usePlace } from '../location.ts'
import { Remotely } from '../part/remote.tsx'
import { Table } from '../part/table.tsx'
import { t, timeText } from '../texts.ts'

/** Requests that only read change nothing of which the page would be notified. */
const EVERY_MS = 2_000
/** Rows at once; who looks for more narrows them. */
const SHOWN = 200

export function RequestsPage() {
  const { query } = usePlace()
  const remote = useRemote<{ readonly requests: readonly RecordedRequest[] }>('requests')
  const latest = useRef(remote.look)
  latest.current = remote.look
  useEffect(() => {
    const timer = window.setInterval(() => latest.current(), EVERY_MS)
    return () => window.clearInterval(timer)
  }, [])
  const name = query.get('action') ?? ''
  const isRefused = query.get('refused') === '1'
  const wanted = (it: RecordedRequest) =>
    it.action.toLowerCase().includes(name.toLowerCase()) && (!isRefused || it.outcome !== 'ok')
  return (
    <>
      <h1>{t('requests.title')}</h1>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          {t('requests.action')}
          <input
            type="search"
            value={name}
            onInput={(event) => setQuery({ action: event.currentTarget.value })}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={isRefused}
            onChange={(event) => setQuery({ refused: event.currentTarget.checked ? '1' : '' })}
          />
          {t('requests.refused')}
        </label>
      </form>
      <Remotely of={remote}>
        {({ requests }) => <Rows requests={requests.filter(wanted)} />}
      </Remotely>
    </>
  )
}

function Rows({ requests }: { readonly requests: readonly RecordedRequest[] }) {
  if (requests.length === 0) return <p>{t('requests.none')}</p>
  const columns = ['time', 'action', 'who', 'latency', 'outcome', 'id'] as const
  return (
    <>
      <p>{t('requests.count', Math.min(SHOWN, requests.length), requests.length)}</p>
      <Table label={t('requests.title')} columns={columns.map((each) => t(`requests.${each}`))}>
        {requests.slice(0, SHOWN).map((it) => (
          <Row key={it.requestId} it={it} />
        ))}
      </Table>
    </>
  )
}

function Row({ it }: { readonly it: RecordedRequest }) {
  const [isOpen, setOpen] = useState(false)
  const facts = [it.cloud, it.region].filter((text) => text !== '').join(' ')
  return (
    <tr>
      <td>{timeText(it.atMs)}</td>
      <td>
        {it.action} <small>{facts}</small>
      </td>
      <td>{it.who === '' ? it.keyId : `${it.who} ${it.account}`}</td>
      <td class="number">{it.ms} ms</td>
      <td>
        {it.why.length === 0 ? (
          it.outcome
        ) : (
          <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{it.outcome}</summary>
            <dl>
              {it.why.map(({ name, text }) => (
                <div key={name}>
                  <dt>{name === 'signed' ? t('requests.signed') : name}</dt>
                  <dd>{name === 'signed' ? <pre class="log">{text}</pre> : text}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </td>
      <td>
        <code>{it.requestId}</code>
      </td>
    </tr>
  )
}
