/**
 * SQL on one cluster, as a user of its database. The password is in this page and nowhere else; what was run is remembered by the browser's
 * session alone.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { OneCluster } from '../../src/console/clusters.ts'
import type { Result } from '../../src/console/sql.ts'
import { ApiProblem, send } from '../api.ts'
import { useRemote } from '../live.ts'
import { shellWord } from '../code/literal.ts'
import { Link } from '../part/link.tsx'
import { Remotely } from '../part/remote.tsx'
import { ResultView } from '../part/result.tsx'
import { ShellText } from '../part/shell-text.tsx'
import { StatementProgress } from '../part/statement-progress.tsx'
import type { Editor } from '../sql/editor.ts'
import { isKept, namespaceOf } from '../sql/table.ts'
import { t } from '../texts.ts'

export function SqlPage({ id }: { readonly id: string }) {
  const remote = useRemote<OneCluster>(`clusters/${id}`)
  return (
    <Remotely of={remote}>
      {({ cluster }) => (
        <>
          <h1>
            {t('nav.sql')}: <Link to={`/clusters/${id}`}>{cluster.name}</Link>
          </h1>
          {cluster.endpoints.some(({ name }) => name === 'mysql') ? (
            <Statements id={id} endpoint={endpointOf(cluster)} />
          ) : (
            <p>{t('cluster.noEndpoints')}</p>
          )}
        </>
      )}
    </Remotely>
  )
}

type Endpoint = OneCluster['cluster']['endpoints'][number]

function endpointOf({ endpoints }: OneCluster['cluster']): Endpoint | undefined {
  return endpoints.find(({ name }) => name === 'mysql')
}

const COLUMNS = `SELECT table_schema, table_name, column_name FROM information_schema.columns
WHERE table_schema NOT IN ('information_schema', '_statistics_', 'sys')`

interface Login {
  readonly user: string
  readonly password: string
  readonly database: string
}

function Statements(props: { readonly id: string; readonly endpoint: Endpoint | undefined }) {
  const { id, endpoint } = props
  const [login, setLogin] = useState<Login>({ user: 'admin', password: '', database: '' })
  const [result, setResult] = useState<Result | undefined>()
  const [problem, setProblem] = useState('')
  const [running, setRunning] = useState<string | undefined>()
  const [kept, setKept] = useState(readHistory)
  const [written, setWritten] = useState(firstStatement)
  const editor = useRef<Editor | undefined>(undefined)
  const ask = (text: string, statement: string) =>
    send<Result>('sql', { cluster: id, id: statement, text, ...login })
  const run = async (before = '') => {
    const text = editor.current?.chosen() ?? ''
    if (text.trim() === '' || running !== undefined) return
    const statement = crypto.randomUUID()
    setRunning(statement)
    setProblem('')
    try {
      const found = await ask(`${before}${text}`, statement)
      setResult(found)
      setProblem(found.problem ?? '')
      setKept(remember(text))
      const { rows } = await ask(COLUMNS, crypto.randomUUID())
      editor.current?.complete(namespaceOf(rows), login.database)
    } catch (it) {
      if (it instanceof ApiProblem) setProblem(it.message || t('live.away'))
    }
    setRunning(undefined)
  }
  const latest = useRef(run)
  latest.current = run
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <LoginFields login={login} set={setLogin} />
      </form>
      <EditorBox editor={editor} run={() => void latest.current()} onText={setWritten} />
      <p class="filters">
        <button
          type="button"
          class="main"
          disabled={running !== undefined}
          onClick={() => void run()}
        >
          {t('sql.run')}
        </button>
        <button type="button" disabled={running !== undefined} onClick={() => void run('EXPLAIN ')}>
          EXPLAIN
        </button>
        <button
          type="button"
          disabled={running === undefined}
          onClick={() => void send('sql/cancel', { id: running }).catch(() => {})}
        >
          {t('sql.cancel')}
        </button>
        <History kept={kept} choose={(text) => editor.current?.replace(text)} />
      </p>
      {endpoint && <ShellText label="mysql" text={commandOf(endpoint, login, written)} />}
      <StatementProgress id={running} />
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      {result && result.problem === null && <ResultView result={result} />}
    </>
  )
}

/** MySQL's own client asks for the password itself. */
function commandOf(endpoint: Endpoint, { user, database }: Login, text: string): string {
  const words = [
    'mysql',
    `--host=${endpoint.host}`,
    `--port=${endpoint.port}`,
    `--user=${user}`,
    '--password',
    ...(database === '' ? [] : [`--database=${database}`]),
    `--execute=${text}`,
  ]
  return words.map(shellWord).join(' ')
}

function LoginFields(props: { readonly login: Login; readonly set: (login: Login) => void }) {
  const { login, set } = props
  return (
    <>
      <label>
        {t('sql.user')}
        <input
          value={login.user}
          autocomplete="off"
          onInput={(event) => set({ ...login, user: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sql.password')}
        <input
          type="password"
          value={login.password}
          autocomplete="off"
          onInput={(event) => set({ ...login, password: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sql.database')}
        <input
          value={login.database}
          autocomplete="off"
          onInput={(event) => set({ ...login, database: event.currentTarget.value })}
        />
      </label>
    </>
  )
}

/** Loaded when it is needed: it is larger than all other pages together. */
function EditorBox(props: {
  readonly editor: { current: Editor | undefined }
  readonly run: () => void
  readonly onText: (text: string) => void
}) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let isOver = false
    const load = async () => {
      const { openEditor } = await import('../sql/editor.ts')
      if (isOver || !host.current) return
      props.editor.current = openEditor(host.current, {
        label: t('sql.editor'),
        text: firstStatement(),
        run: props.run,
        onText: props.onText,
      })
    }
    void load()
    return () => {
      isOver = true
      props.editor.current?.close()
      props.editor.current = undefined
    }
  }, [])
  return <div ref={host} class="editor" />
}

function History(props: {
  readonly kept: readonly string[]
  readonly choose: (text: string) => void
}) {
  if (props.kept.length === 0) return null
  return (
    <label>
      {t('sql.history')}
      <select value="" onChange={(event) => props.choose(event.currentTarget.value)}>
        <option value="" />
        {props.kept.map((text) => (
          <option key={text} value={text}>
            {text.slice(0, 80)}
          </option>
        ))}
      </select>
    </label>
  )
}

const PLACE = 'emrys-console-statements'
const KEPT_MAX = 50

const firstStatement = () => readHistory()[0] ?? 'SHOW DATABASES'

/** The latest first. */
function readHistory(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? '[]')
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : []
  } catch {
    return []
  }
}

function remember(text: string): readonly string[] {
  const kept = readHistory()
  if (!isKept(text)) return kept
  const next = [text, ...kept.filter((each) => each !== text)].slice(0, KEPT_MAX)
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
  return next
}
