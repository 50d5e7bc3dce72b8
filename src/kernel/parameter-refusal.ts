/** What is wrong with one parameter. `name` is its path as the client writes it, e.g. `Tags.0.TagKey`. */
export interface ParameterRefusal {
  readonly name: string
  readonly problem: 'missing' | 'unknown' | 'type' | 'value'
  /** The refused value in short; never present for secret members. */
  readonly value?: string
  /** The type that was expected, in the wire's words. */
  readonly expected?: string
  /** What would have been accepted. */
  readonly allowed?: readonly (string | number)[]
  readonly min?: number
  readonly max?: number
  /** A right value, as a client writes it; where the declaration has one. */
  readonly example?: string
  /** The rule in words, when neither a set nor a range says it. */
  readonly rule?: string
  /** The declaration's own code for this member, e.g. `InvalidParameter.InvalidZone`; data of a dialect, opaque here. */
  readonly code?: string
  /** A whole sentence that the declaration prescribes for this member. */
  readonly message?: string
  /** How the vendor's messages call this member, e.g. `Cu of fe`. */
  readonly label?: string
}
