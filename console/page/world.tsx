/** Time and faults, for the administrator: the clock, the pace of simulated clusters, services that fail, and nodes that do. */
import { useEffect, useState } from 'preact/hooks'
import type { FaultRow } from '../../src/admin/fault.ts'
import type { HistoryRow } from '../../src/admin/history.ts'
import { administer, ApiProblem } from '../api.ts'
import { AdministrationCode, type AdministrationRequest } from '../part/administration-code.tsx'
import { RequestForm, type Fields } from '../part/request-form.tsx'
import { t, timeText } from '../texts.ts'

interface World {
  readonly clock: { readonly nowMs: number; readonly aheadMs: number }
  readonly paces: { readonly families: readonly string[]; readonly paces: Record<string, string> }
  readonly faults: {
    readonly faults: readonly FaultRow[]
    readonly dependencies: readonly string[]
  }
  readonly history: readonly HistoryRow[]
}

type Act = (request: AdministrationRequest) => Promise<void>

const MODES = ['gateway', 'service', 'latency']
const NODE_FAULTS = ['end', 'hang', 'lose']
const STEPS = { hour: 3_600_000, day: 86_400_000, month: 30 * 86_400_000 } as const

export function WorldPage() {
  const [world, setWorld] = useState<World | undefined>()
  const [said, setSaid] = useState('')
  const look = async () =>
    setWorld({
      clock: await administer('GET', 'clock'),
      paces: await administer('GET', 'progression'),
      faults: await administer('GET', 'faults'),
      history: (await administer<Pick<World, 'history'>>('GET', 'history')).history,
    })
  const tell = (problem: unknown) =>
    setSaid(
      problem instanceof ApiProblem && problem.status !== 0 ? problem.message : t('live.away'),
    )
  useEffect(() => void look().catch(tell), [])
  const act: Act = async ({ method, page, body }) => {
    setSaid('')
    try {
      await administer(method, page, body)
      await look()
      setSaid(t('world.done'))
    } catch (problem) {
      tell(problem)
    }
  }
  return (
    <>
      <h1>{t('nav.world')}</h1>
      <p role="status">{said}</p>
      {world && (
        <div class="cards">
          <Clock clock={world.clock} act={act} />
          <Paces paces={world.paces} act={act} />
          <Faults faults={world.faults} act={act} />
          <NodeFault act={act} />
          <History rows={world.history} />
        </div>
      )}
    </>
  )
}

const STEP_NAMES = ['hour', 'day', 'month'] as const

const stepOf = (step: keyof typeof STEPS): AdministrationRequest => ({
  method: 'POST',
  page: 'clock',
  body: { advanceMs: STEPS[step] },
})

function Clock({ clock, act }: Pick<World, 'clock'> & { readonly act: Act }) {
  return (
    <section aria-labelledby="clock">
      <h2 id="clock">{t('world.clock')}</h2>
      <p>{timeText(clock.nowMs)}</p>
      <p>{t('world.ahead', Math.round(clock.aheadMs / 60_000))}</p>
      <p class="filters">
        {STEP_NAMES.map((step) => (
          <button key={step} type="button" onClick={() => void act(stepOf(step))}>
            {t(`world.${step}`)}
          </button>
        ))}
      </p>
      <AdministrationCode requests={STEP_NAMES.map(stepOf)} />
    </section>
  )
}

function Choice(props: {
  readonly name: string
  readonly label: string
  readonly of: readonly string[]
}) {
  return (
    <label>
      {props.label}
      <select name={props.name}>
        {props.of.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  )
}

function Paces({ paces, act }: Pick<World, 'paces'> & { readonly act: Act }) {
  const requestOf = ({ family = '', pace = '' }: Fields) => ({
    method: 'PUT',
    page: `progression/${family}`,
    body: { pace },
  })
  return (
    <section aria-labelledby="paces">
      <h2 id="paces">{t('world.paces')}</h2>
      <dl>
        {Object.entries(paces.paces).map(([family, pace]) => (
          <div key={family}>
            <dt>{family}</dt>
            <dd>{pace}</dd>
          </div>
        ))}
      </dl>
      <RequestForm button={t('world.set')} requestOf={requestOf} send={act}>
        <Choice name="family" label={t('world.family')} of={paces.families} />
        <label>
          {t('world.pace')}
          <input name="pace" placeholder="time:2" required />
        </label>
      </RequestForm>
    </section>
  )
}

function faultOf({ times, latencyMs, ...rest }: Fields): AdministrationRequest {
  const number = (name: string, text: string | undefined) =>
    text === undefined ? {} : { [name]: Number(text) }
  const body = { ...rest, ...number('times', times), ...number('latencyMs', latencyMs) }
  return { method: 'PUT', page: 'faults', body }
}

function Faults({ faults, act }: Pick<World, 'faults'> & { readonly act: Act }) {
  const off = ({ dependency }: FaultRow) => ({ method: 'DELETE', page: `faults/${dependency}` })
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">{t('world.faults')}</h2>
      {faults.faults.length === 0 && <p>{t('common.none')}</p>}
      <ul class="rows">
        {faults.faults.map((it) => (
          <li key={`${it.dependency} ${it.mode} ${it.action ?? ''}`}>
            <strong>{it.dependency}</strong>
            <span>{it.mode}</span>
            <span>{it.times === null ? t('world.always') : t('world.times', it.times)}</span>
            <button
              type="button"
              aria-label={`${t('world.off')} ${it.dependency}`}
              onClick={() => void act(off(it))}
            >
              {t('world.off')}
            </button>
            <AdministrationCode requests={[off(it)]} />
          </li>
        ))}
      </ul>
      <RequestForm button={t('world.on')} requestOf={faultOf} send={act}>
        <Choice name="dependency" label={t('world.dependency')} of={faults.dependencies} />
        <Choice name="mode" label={t('world.mode')} of={MODES} />
        <label>
          {t('world.howOften')}
          <input name="times" type="number" min={1} />
        </label>
        <label>
          {t('world.latency')}
          <input name="latencyMs" type="number" min={1} />
        </label>
      </RequestForm>
    </section>
  )
}

function NodeFault({ act }: { readonly act: Act }) {
  const requestOf = (body: Fields) => ({ method: 'POST', page: 'node-faults', body })
  return (
    <section aria-labelledby="node-faults">
      <h2 id="node-faults">{t('world.nodeFault')}</h2>
      <RequestForm button={t('world.break')} requestOf={requestOf} send={act}>
        <label>
          {t('world.cluster')}
          <input name="cluster" required />
        </label>
        <label>
          {t('world.node')}
          <input name="node" required />
        </label>
        <Choice name="fault" label={t('world.fault')} of={NODE_FAULTS} />
      </RequestForm>
    </section>
  )
}

/** Members are of any page, so they are shown as they were sent. */
function History({ rows }: { readonly rows: readonly HistoryRow[] }) {
  return (
    <section aria-labelledby="history" class="wide">
      <h2 id="history">{t('world.history')}</h2>
      {rows.length === 0 && <p>{t('world.noHistory')}</p>}
      <ol class="rows history" tabIndex={0} aria-labelledby="history">
        {rows.map(({ atMs, what, members }, at) => (
          <li key={`${atMs} ${at}`}>
            <time>{timeText(atMs)}</time>
            <strong>
              {what.startsWith('/') || what.includes(' ') ? what : t('world.met', what)}
            </strong>
            <code>
              {Object.entries(members)
                .map(([name, value]) => `${name}=${String(value)}`)
                .join(' ')}
            </code>
          </li>
        ))}
      </ol>
    </section>
  )
}
