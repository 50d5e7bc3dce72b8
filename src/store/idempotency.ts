/** Idempotency tokens of clients, until they expire. */

/** What a client's token stands for. `answer` is how the first request was answered. */
export interface Token {
  readonly account: string
  readonly action: string
  readonly token: string
  /** Of the parameters: the token stands for these and no others. */
  readonly fingerprint: string
  readonly answer: string
  readonly expiresMs: number
}

export interface IdempotencyReader {
  findToken(account: string, action: string, token: string): Promise<Token | undefined>
}

export interface IdempotencyWriter {
  /** Replaces what the token stood for. */
  putToken(token: Token): Promise<void>
  /** As `putToken`, unless the token stands for something at `nowMs`: then for what, and nothing is changed. */
  claimToken(token: Token, nowMs: number): Promise<Token | undefined>
}
