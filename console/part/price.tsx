/** What a request would cost, by the product's own inquiry: the same price that its order will have. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Form } from '../../src/console/form.ts'
import type { FormSpec } from '../../src/console/vendor.ts'
import { send } from '../api.ts'
import { t } from '../texts.ts'
import { membersFor, type Parameters, type Schema } from '../value.ts'
import type { Called } from './action-form.tsx'

/** An inquiry counts as a request of the account's. */
const PAUSE_MS = 800

export function Price(props: {
  readonly inquiry: NonNullable<FormSpec['inquiry']>
  readonly call: { readonly cloud: string }
  readonly parameters: Parameters
}) {
  const { inquiry, call, parameters } = props
  const [schema, setSchema] = useState<Schema | undefined>()
  const [said, setSaid] = useState<Called | undefined>()
  const asked = useRef(0)
  useEffect(() => {
    const { cloud } = call
    send<Form>('form', { cloud, action: inquiry.action }).then(
      (form) => setSchema(form.schema as Schema),
      () => {},
    )
  }, [inquiry.action])
  const wanted = schema && { ...(inquiry.also as Parameters), ...membersFor(schema, parameters) }
  useEffect(() => {
    if (!wanted) return
    const number = ++asked.current
    const timer = window.setTimeout(() => {
      send<Called>('call', { ...call, action: inquiry.action, parameters: wanted }).then(
        (found) => number === asked.current && setSaid(found),
        () => {},
      )
    }, PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [JSON.stringify([wanted, call])])
  return (
    <p class="price" role="status">
      {t('price.title')} <strong>{said ? priceText(said) : '…'}</strong>
    </p>
  )
}

interface Amounts {
  readonly TradeAmount?: number
  readonly Currency?: string
  readonly DiscountCost?: number | string
  readonly TimeUnit?: string
  readonly TimeSpan?: number
  readonly Unit?: string
}

/** Both clouds' members for what is to be paid, and for what it is paid for. */
function priceText({ status, answer, message = '' }: Called): string {
  if (status >= 400) return t('price.none', message)
  const { Data: flat, Response: nested } = answer as { Data?: Amounts; Response?: Amounts }
  const it = flat ?? nested ?? {}
  const amount = `${it.TradeAmount ?? it.DiscountCost ?? ''} ${it.Currency ?? 'CNY'}`
  const unit = it.Unit ?? it.TimeUnit
  if (unit === undefined) return amount
  return it.TimeSpan === undefined ? `${amount} / ${unit}` : `${amount} / ${it.TimeSpan} ${unit}`
}
