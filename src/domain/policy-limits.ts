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
  /** A pattern cannot be longer than the document it stands in. */
  patternCharacters: 6144,
  /** Longest action, resource or context value of a request that is compared: names and tags stay below 1 024. */
  factCharacters: 4096,
  /** Values that one key may have in a request: the vendors allow 20 to 50 tags on a resource. */
  contextValues: 256,
  /** Resources that one request may name: the largest batch action takes 100. */
  resources: 256,
} as const
