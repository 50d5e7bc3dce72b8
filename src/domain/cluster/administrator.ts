/** Who administers the services of a cluster: known by the password that its nodes are entered with, or by one that was made for it. */

/** The names of the passwords among a cluster's secrets. */
export const administratorSecrets = { made: 'administrator.password', login: 'password' } as const

/** Undefined for a cluster of before any was made for it that is entered by a key alone. */
export function administratorPassword(
  reveal: (secret: string) => string | undefined,
): string | undefined {
  return reveal(administratorSecrets.login) ?? reveal(administratorSecrets.made)
}
