/**
 * What a signature verifier needs to see of a request, what it answers, and how it refuses.
 *
 * Verifying takes two steps, because the secret is looked up between them: `parse…(request)` reads who claims to have
 * signed and when, `verify…(request, parsed, secret)` proves it. Both are pure. The caller's order is
 * parse → freshness → look up the secret → verify → nonce; a nonce is remembered only after the signature was proved,
 * or else anybody could use up the nonces of a key.
 */

/**
 * A request exactly as it was received. All texts are byte strings (one character, one byte), as Node's HTTP parser
 * gives them: nothing is decoded, since a verifier must see what the client signed.
 */
export interface SignedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** Names in lower case; values of a repeated name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * A header's value without the white space around it; undefined when it was not received. The names come from the
 * sender (`SignedHeaders=constructor`), so what every object inherits must not pass for a header.
 */
export function headerOf(
  request: Pick<SignedRequest, 'headers'>,
  name: string,
): string | undefined {
  return Object.hasOwn(request.headers, name) ? request.headers[name]?.trim() : undefined
}

/** What the parsers of all schemes read from a request; nothing of it is proved yet. */
export interface ParsedSignature {
  readonly keyId: string
  /** The token of temporary credentials. It is checked where the key is looked up. */
  readonly token: string | undefined
  /** Milliseconds since the epoch. The clients of both clouds sign whole seconds. */
  readonly signedAtMs: number
  readonly nonce: string | undefined
}

export type SignatureProblemKind =
  /** No signature, or a part of it (`part`) is absent. */
  | 'missing'
  /** A part (`part`) does not have the documented form (`detail`). */
  | 'malformed'
  /** Well-formed, but by an algorithm that this server does not have (`detail` names it). */
  | 'algorithm-unknown'
  /** A header (`part`) that must be covered by the signature is not. */
  | 'header-unsigned'
  /** The signature is not the one this server calculates (`stringToSign`). */
  | 'mismatch'
  /** The signature holds, but for a digest that is not the received body's. */
  | 'body-hash-mismatch'
  | 'timestamp-malformed'
  | 'timestamp-expired'
  /** Too many unexpired nonces are held to promise that this one is new. */
  | 'nonce-cache-full'

export interface SignatureProblemFacts {
  /** The header, field or parameter in question, spelled as the vendor documents it. */
  readonly part?: string
  /** An English clause for the vendors that say more than a code. */
  readonly detail?: string
  /**
   * The text over which this server calculated. Some vendors echo it to the sender, whose own values it holds (a
   * security token among them): it belongs in the answer to that sender and nowhere else, never in a log.
   */
  readonly stringToSign?: string
}

export class SignatureProblem extends Error {
  readonly kind: SignatureProblemKind
  readonly facts: SignatureProblemFacts

  constructor(kind: SignatureProblemKind, facts: SignatureProblemFacts = {}) {
    // The message can reach a log, so it consists of our own words only.
    super(facts.part === undefined ? `signature: ${kind}` : `signature: ${kind} (${facts.part})`)
    this.name = 'SignatureProblem'
    this.kind = kind
    this.facts = facts
  }
}

/**
 * Refuses a signature made more than `windowMs` before or after now; exactly the window away still passes.
 * @throws SignatureProblem `timestamp-expired`
 */
export function checkFreshness(signedAtMs: number, nowMs: number, windowMs: number): void {
  // Written so that a NaN from a careless caller refuses instead of passing.
  if (!(Math.abs(nowMs - signedAtMs) <= windowMs)) throw new SignatureProblem('timestamp-expired')
}
