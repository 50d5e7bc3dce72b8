/** What a directory service of a cluster keeps: users and groups as they are written there. Types alone, and without imports: services import them. */

export interface DirectoryContent {
  readonly users: readonly DirectoryAccount[]
  readonly groups: readonly DirectoryMembership[]
}

export interface DirectoryAccount {
  readonly name: string
  /** Of the account, and of its first group, as systems number them. */
  readonly number: number
  readonly groupNumber: number
  /** Empty where there is none. */
  readonly remark: string
  /** As RFC 2307 writes it: salted, by SHA-1. */
  readonly passwordHash: string
}

export interface DirectoryMembership {
  readonly name: string
  readonly number: number
  /** Empty where there is none. */
  readonly description: string
  /** Names of its users, those whose first group it is among them. */
  readonly members: readonly string[]
}
