/** What may stand in the fields of a form, asked for as it is filled in: one choice follows from another. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Form, ShownOffers } from '../../src/console/form.ts'
import { ApiProblem, send } from '../api.ts'
import { adjusted, type Offers, type Parameters } from '../value.ts'
import type { FormTarget } from './action-form.tsx'

/** Between two keys of somebody who types. */
const PAUSE_MS = 400

export interface OfferState {
  readonly target: FormTarget
  readonly region: string
  readonly value: Parameters
  readonly set: (next: Parameters) => void
}

export function useOffers(form: Form, { target, region, value, set }: OfferState): ShownOffers {
  const [shown, setShown] = useState<ShownOffers>({ regions: [], offers: {} })
  const asked = useRef(0)
  const settled = useRef('')
  const look = async () => {
    const number = ++asked.current
    const { cloud, cluster } = target
    try {
      const query = { cloud, cluster, action: form.action, region, parameters: value }
      const found = await send<ShownOffers>('offers', query)
      if (number !== asked.current) return
      setShown(found)
      if (region === '') return
      // In another region, and until each choice has followed from the one before it, what is chosen follows what is offered.
      const offers = settled.current === region ? onlyStrict(found.offers) : found.offers
      const next = adjusted(value, offers) as Parameters
      if (JSON.stringify(next) === JSON.stringify(value)) settled.current = region
      else set(next)
    } catch (problem) {
      // Without offers a field takes anything, and the cloud says what is wrong with it.
      if (!(problem instanceof ApiProblem)) throw problem
    }
  }
  useEffect(() => {
    const timer = window.setTimeout(() => void look(), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [region, JSON.stringify(value)])
  return shown
}

function onlyStrict(offers: Offers): Offers {
  return Object.fromEntries(Object.entries(offers).filter(([, { only }]) => only))
}
