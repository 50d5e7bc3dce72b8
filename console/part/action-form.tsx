/**
 * A form that makes one request: its fields, the price as it changes, the same as code, and what became of it. It is sent as the session's
 * owner would send it by an SDK; what is refused is said at the field, and what is denied with the statement that denied it.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Explained } from '../../src/console/refusal.ts'
import type { Form } from '../../src/console/form.ts'
import type { FormSpec } from '../../src/console/vendor.ts'
import { ApiProblem, send } from '../api.ts'
import { chosen } from '../choice.ts'
import { t } from '../texts.ts'
import {
  initialOf,
  membersFor,
  placeOf,
  sendable,
  TOKEN,
  withoutSecrets,
  withValue,
  type Parameters,
  type Path,
  type Schema,
  type Value,
} from '../value.ts'
import { Code } from './code.tsx'
import { Fields } from './field.tsx'
import { useOffers } from './offer.ts'
import { Price } from './price.tsx'
import { Refused } from './refused.tsx'

export interface FormTarget {
  readonly cloud: string
  /** Whose account the administrator acts for. */
  readonly account?: string
  /** Undefined where a form chooses it. */
  readonly region?: string
  /** The id of the cluster that it is about. */
  readonly cluster?: string
}

interface ActionFormProps {
  readonly spec: FormSpec
  readonly target: FormTarget
  readonly button: string
  /** What is lost, where something is: sending asks again then. */
  readonly losses?: readonly string[]
  readonly onDone: (answer: unknown) => void
  /** What is shown beside the fields, of what they say. */
  readonly beside?: (value: Parameters) => ComponentChildren
}

export interface Called extends Partial<Explained> {
  /** Whether the cloud did it: a refusal may have the status of what was done. */
  readonly done: boolean
  readonly answer: unknown
}

export function ActionForm(props: ActionFormProps) {
  const [form, setForm] = useState<Form | undefined>()
  const [problem, setProblem] = useState('')
  const { cloud, cluster } = props.target
  useEffect(() => {
    const ask = async () => {
      try {
        setForm(await send<Form>('form', { cloud, cluster, action: props.spec.action }))
      } catch (it) {
        if (it instanceof ApiProblem) setProblem(it.message)
      }
    }
    void ask()
  }, [cloud, props.spec.action])
  if (problem !== '')
    return (
      <p role="alert" class="problem">
        {problem}
      </p>
    )
  return form ? <Filled {...props} form={form} /> : <p class="waiting">{t('common.loading')}</p>
}

const REGION_PARAMETER = 'RegionId'

/** What a person fills in, and what becomes of it. */
function useFilled({ spec, target, onDone, form }: ActionFormProps & { readonly form: Form }) {
  const schema = form.schema as Schema
  const { cloud, account } = target
  const [region, setRegion] = useState(target.region ?? '')
  const [value, setValue] = useState(() =>
    membersFor(schema, {
      ...initialOf(schema, { ...(form.start as Parameters), ...(spec.start as Parameters) }),
      ...(form.fixed as Parameters),
    }),
  )
  const [token] = useState(() => crypto.randomUUID())
  const [said, setSaid] = useState<Called | undefined>()
  const [isSending, setSending] = useState(false)
  const { offers, regions } = useOffers(form, { target, region, value, update: setValue })
  useEffect(() => {
    if (region === '' && regions[0] !== undefined) setRegion(regions[0])
  }, [regions])
  const placed = region !== '' && schema.properties?.[REGION_PARAMETER] ? { RegionId: region } : {}
  const wanted = sendable(schema, { ...value, ...placed })
  const call = { cloud, account, region, language: chosen().language }
  const submit = async () => {
    setSending(true)
    const parameters = schema.properties?.[TOKEN] ? { ...wanted, [TOKEN]: token } : wanted
    try {
      const { action, product } = form
      const found = await send<Called>('call', { ...call, action, product, parameters })
      setSaid(found)
      if (found.done) onDone(found.answer)
    } catch (it) {
      if (it instanceof ApiProblem) setSaid({ done: false, answer: {}, message: it.message })
    }
    setSending(false)
  }
  const change = (path: Path, next: Value | undefined) =>
    setValue((was) => withValue(was, path, next) as Parameters)
  return {
    schema,
    region,
    regions,
    setRegion,
    value,
    wanted,
    call,
    change,
    offers,
    said,
    isSending,
    submit,
  }
}

function Filled(props: ActionFormProps & { readonly form: Form }) {
  const { spec, target, button, losses = [], form } = props
  const it = useFilled(props)
  const [isAsking, setAsking] = useState(false)
  const refusals = refusalsOf(it.said, it.value)
  const context = {
    offers: it.offers,
    refusals,
    hidden: [...Object.keys(form.fixed), REGION_PARAMETER],
    idPrefix: form.action,
    change: it.change,
  }
  const submit = () => {
    setAsking(false)
    void it.submit()
  }
  return (
    <form
      class="action"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (losses.length > 0) setAsking(true)
        else submit()
      }}
    >
      {target.region === undefined && <Region {...it} id={`${form.action}-region`} />}
      <Fields schema={it.schema} value={it.value} path={[]} context={context} />
      {props.beside?.(it.value)}
      {it.said && !it.said.done && <Refused said={it.said} shown={refusals} />}
      {spec.inquiry && it.region !== '' && (
        <Price inquiry={spec.inquiry} call={it.call} parameters={it.wanted} />
      )}
      {isAsking ? (
        <Confirm losses={losses} button={button} yes={submit} no={() => setAsking(false)} />
      ) : (
        <button type="submit" class="main" disabled={it.isSending}>
          {button}
        </button>
      )}
      {it.region !== '' && (
        <Code
          request={{
            ...form,
            region: it.region,
            parameters: withoutSecrets(it.schema, it.wanted),
            origin: window.location.origin,
          }}
        />
      )}
    </form>
  )
}

function Region(props: {
  readonly id: string
  readonly region: string
  readonly regions: readonly string[]
  readonly setRegion: (region: string) => void
}) {
  return (
    <div class="field">
      <label for={props.id}>{t('clusters.region')}</label>
      <select
        id={props.id}
        value={props.region}
        onChange={(event) => props.setRegion(event.currentTarget.value)}
      >
        {props.regions.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </div>
  )
}

function Confirm(props: {
  readonly losses: readonly string[]
  readonly button: string
  readonly yes: () => void
  readonly no: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <div
      role="alertdialog"
      aria-label={t('confirm.title')}
      class="confirm"
      tabIndex={-1}
      ref={box}
      onKeyDown={(event) => event.key === 'Escape' && props.no()}
    >
      <p>{t('confirm.lost')}</p>
      <ul>
        {props.losses.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <button type="button" class="main" onClick={props.yes}>
        {props.button}
      </button>{' '}
      <button type="button" onClick={props.no}>
        {t('confirm.no')}
      </button>
    </div>
  )
}

/** By the field that each is shown at. */
function refusalsOf(said: Called | undefined, value: Parameters): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { name, text } of said?.refusals ?? []) {
    const place = placeOf(name, value)
    found.set(place, [...(found.get(place) ?? []), text])
  }
  return found
}
