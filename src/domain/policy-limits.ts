/**
 * Upper bounds of the policy evaluator. They keep one request's authorisation in microseconds to milliseconds,
 * whatever a user has written.
 */
export const policyLimits = {
  /** Both vendors cap a custom policy at 6 144 characters (their pages "Limitations" and "Use Limits"). */
  documentCharacters: 6144,
  /** The shortest statement that can match anything takes 45 characters, so no more fit in a document. */
  statements: 136,
  /** Patterns of one list, values of one condition key, keys of one statement: `"",` is three characters each. */
  values: 2048,
  /** A pattern cannot be longer than its document. */
  patternCharacters: 6144,
  /** One action, resource or context value of a request: a tag has at most 128 + 256 characters, a name fewer. */
  factCharacters: 1024,
  /** Values that one key may have in a request: the vendors allow 20 to 50 tags on a resource. */
  contextValues: 64,
  /** Resources that one request may name: the largest batch action takes 100. */
  resources: 256,
  /** All of them together; with the document's bound, one policy costs at most some 10^8 steps. */
  resourceCharacters: 32_768,
} as const
