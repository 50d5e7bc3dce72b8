/** Time and faults, for the administrator: the clock, the pace of simulated clusters, services that fail, and nodes that do. */
import { useEffect, useState } from 'preact/hooks'
import type { FaultRow } from '../../src/admin/fault.ts'
import { administer, ApiProblem } from '../api.ts'
import { AdministrationCode, type AdministrationRequest } from '../part/administration-code.tsx'
import { t, timeText } from '../texts.ts'

interface World {
  readonly clock: { readonly nowMs: number; readonly aheadMs: number }
  readonly paces: { readonly families: readonly string[]; readonly paces: Record<string, string> }
  readonly faults: {
    readonly faults: readonly FaultRow[]
    readonly dependencies: readonly string[]
  }
}

type Act = (method: string, page: string, body?: object) => Promise<void>

const MODES = ['gateway', 'service', 'latency']
const NODE_FAULTS = ['end', 'hang', 'lose']
const STEPS = { hour: 3_600_000, day: 86_400_000, month: 30 * 86_400_000 } as const

export function WorldPage() {
  const [world, setWorld] = useState<World | undefined>()
  const [said, setSaid] = useState('')
  const [last, setLast] = useState<AdministrationRequest | undefined>()
  const look = async () =>
    setWorld({
      clock: await administer('GET', 'clock'),
      paces: await administer('GET', 'progression'),
      faults: await administer('GET', 'faults'),
    })
  const tell = (problem: unknown) =>
    setSaid(
      problem instanceof ApiProblem && problem.status !== 0 ? problem.message : t('live.away'),
    )
  useEffect(() => void look().catch(tell), [])
  const act: Act = async (method, page, body) => {
    setSaid('')
    setLast({ method, page, body })
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
      {last && <AdministrationCode {...last} />}
      {world && (
        <div class="cards">
          <Clock clock={world.clock} act={act} />
          <Paces paces={world.paces} act={act} />
          <Faults faults={world.faults} act={act} />
          <NodeFault act={act} />
        </div>
      )}
    </>
  )
}

function Clock({ clock, act }: Pick<World, 'clock'> & { readonly act: Act }) {
  return (
    <section aria-labelledby="clock">
      <h2 id="clock">{t('world.clock')}</h2>
      <p>{timeText(clock.nowMs)}</p>
      <p>{t('world.ahead', Math.round(clock.aheadMs / 60_000))}</p>
      <p class="filters">
        {(['hour', 'day', 'month'] as const).map((step) => (
          <button
            key={step}
            type="button"
            onClick={() => void act('POST', 'clock', { advanceMs: STEPS[step] })}
          >
            {t(`world.${step}`)}
          </button>
        ))}
      </p>
    </section>
  )
}

/** The fields of a form as texts, those that are empty left out. */
function fieldsOf(event: SubmitEvent): Record<string, string> {
  event.preventDefault()
  const entries = [...new FormData(event.currentTarget as HTMLFormElement).entries()]
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' && value ? [[name, value]] : [])),
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
  const submit = (event: SubmitEvent) => {
    const { family = '', pace } = fieldsOf(event)
    void act('PUT', `progression/${family}`, { pace })
  }
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
      <form class="filters" onSubmit={submit}>
        <Choice name="family" label={t('world.family')} of={paces.families} />
        <label>
          {t('world.pace')}
          <input name="pace" placeholder="time:2" required />
        </label>
        <button type="submit">{t('world.set')}</button>
      </form>
    </section>
  )
}

function Faults({ faults, act }: Pick<World, 'faults'> & { readonly act: Act }) {
  const submit = (event: SubmitEvent) => {
    const { times, latencyMs, ...rest } = fieldsOf(event)
    const number = (name: string, text: string | undefined) =>
      text === undefined ? {} : { [name]: Number(text) }
    void act('PUT', 'faults', {
      ...rest,
      ...number('times', times),
      ...number('latencyMs', latencyMs),
    })
  }
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
              onClick={() => void act('DELETE', `faults/${it.dependency}`)}
            >
              {t('world.off')}
            </button>
          </li>
        ))}
      </ul>
      <form class="filters" onSubmit={submit}>
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
        <button type="submit">{t('world.on')}</button>
      </form>
    </section>
  )
}

function NodeFault({ act }: { readonly act: Act }) {
  const submit = (event: SubmitEvent) => void act('POST', 'node-faults', fieldsOf(event))
  return (
    <section aria-labelledby="node-faults">
      <h2 id="node-faults">{t('world.nodeFault')}</h2>
      <form class="filters" onSubmit={submit}>
        <label>
          {t('world.cluster')}
          <input name="cluster" required />
        </label>
        <label>
          {t('world.node')}
          <input name="node" required />
        </label>
        <Choice name="fault" label={t('world.fault')} of={NODE_FAULTS} />
        <button type="submit">{t('world.break')}</button>
      </form>
    </section>
  )
}
