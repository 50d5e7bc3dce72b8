/**
 * Why a change of identities was refused, as a sentence for the operator of the server. No client of a cloud requests these
 * changes, so they are no faults and have no vendor's code. A sentence never holds a secret.
 */
export class IdentityProblem extends Error {
  readonly kind: 'missing' | 'refused' | 'limit'

  constructor(kind: IdentityProblem['kind'], sentence: string) {
    super(sentence)
    this.name = 'IdentityProblem'
    this.kind = kind
  }
}

export function missing(what: string, id: string): IdentityProblem {
  return new IdentityProblem('missing', `there is no ${what} ${id.slice(0, SHOWN)}`)
}

/** `rule` completes the sentence that begins with the member and its value. */
export function refused(member: string, value: string, rule: string): IdentityProblem {
  const shown = value === '' ? member : `${member} ${JSON.stringify(value.slice(0, SHOWN))}`
  return new IdentityProblem('refused', `${shown} ${rule}`)
}

export function beyond(what: string, limit: number): IdentityProblem {
  return new IdentityProblem('limit', `at most ${limit} ${what} are allowed`)
}

const SHOWN = 128
