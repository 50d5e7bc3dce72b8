/**
 * Why the server's administrator was refused something about orders and money, as a sentence. No client of a cloud asks for these
 * changes here, so they are no faults and have no vendor's code.
 */
export class BillingProblem extends Error {
  readonly kind: 'missing' | 'refused'

  constructor(kind: BillingProblem['kind'], sentence: string) {
    super(sentence)
    this.name = 'BillingProblem'
    this.kind = kind
  }
}

export function missing(what: string, id: string): BillingProblem {
  return new BillingProblem('missing', `there is no ${what} ${id.slice(0, SHOWN)}`)
}

export function refused(sentence: string): BillingProblem {
  return new BillingProblem('refused', sentence)
}

const SHOWN = 128
