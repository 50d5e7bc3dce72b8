/** The password of an instance's user `admin`. Facts: reference alibaba-starrocks.md 4.1, 13 (U16). */
import { text } from '../../../../shape/shape.ts'

/** What the core keeps it under. */
export const ADMIN_PASSWORD_SECRET = 'adminPassword'

/** Characters of at least three of four kinds. */
const ADMIN_PASSWORD =
  /^(?:(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9@#$%^*_+.-])|(?=.*[A-Z])(?=.*[0-9])(?=.*[@#$%^*_+.-])|(?=.*[a-z])(?=.*[0-9])(?=.*[@#$%^*_+.-]))[A-Za-z0-9@#$%^*_+.-]+$/

export const adminPassword = text({
  min: 8,
  max: 30,
  pattern: ADMIN_PASSWORD,
  secret: true,
  message:
    'Admin password should have 8 to 30 characters of at least three kinds: upper-case letters, lower-case letters, digits, and the special characters @#$%^*_+-.',
  example: 'Example#1234',
})
