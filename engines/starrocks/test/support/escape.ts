/** None of them is for a client's statement to say. */
export const escapes = [
  "SELECT * FROM read_csv('/etc/hosts')",
  "SELECT * FROM read_text('/etc/hosts')",
  "SELECT * FROM glob('/etc/*')",
  "ATTACH '/tmp/x.db'",
  "COPY (SELECT 1) TO '/tmp/emrys-escape.csv'",
  "SELECT getenv('HOME')",
  'INSTALL httpfs',
  'SET enable_external_access = true',
  'SET lock_configuration = false',
  "SET allowed_configs = ['enable_external_access']",
  "SET temp_directory = '/tmp'",
]
