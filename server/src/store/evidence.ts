/** Evidence about releases: inserted once, never changed; a newer one of the same kind stands beside the older. */
import type { Kysely, Transaction } from 'kysely';
import type { Evidence, Finding } from '../domain/evidence.ts';
import { stamp } from '../domain/stamp.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

/** Many rows in one statement stay below PostgreSQL's 65,535 parameters. */
const findingsAtOnce = 5_000;

export function evidenceStore(kysely: Kysely<Tables>) {
  return {
    /** `subject` is the release it speaks of, as `release/web@1.2.3`. */
    record: (evidence: Evidence, subject: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await insertEvidence(transaction, [evidence]);
        return { result: undefined, entries: [entryOf(evidence, subject)] };
      }),
    /** All of a release, the newest first. */
    async of(releaseDigest: string): Promise<readonly Evidence[]> {
      const rows = await kysely
        .selectFrom('evidence')
        .selectAll()
        .where('release_digest', '=', releaseDigest)
        .orderBy('recorded_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      const ids = rows.map(({ id }) => id);
      const findings = await findingsOf(kysely, ids);
      return rows.map((row) => ({
        id: row.id,
        releaseDigest: row.release_digest,
        kind: row.kind,
        outcome: row.outcome,
        summary: row.summary,
        findings: findings.get(row.id) ?? [],
        digest: row.digest,
        recordedBy: row.recorded_by,
        recordedAt: stamp(Temporal.Instant.from(row.recorded_at)),
        expiresAt: row.expires_at,
      }));
    },
  };
}
export type EvidenceStore = ReturnType<typeof evidenceStore>;

export async function insertEvidence(transaction: Transaction<Tables>, all: readonly Evidence[]): Promise<void> {
  if (all.length === 0) return;
  await transaction.insertInto('evidence').values(all.map(rowOf)).execute();
  const rows = all.flatMap(({ id, findings }) =>
    findings.map((found, ordinal) => ({
      ...{ evidence_id: id, ordinal, finding: found.id },
      ...{ severity: found.severity, package: found.package, storey: found.storey },
    })),
  );
  for (let from = 0; from < rows.length; from += findingsAtOnce) {
    await transaction
      .insertInto('finding')
      .values(rows.slice(from, from + findingsAtOnce))
      .execute();
  }
}

function rowOf({ id, kind, outcome, summary, digest, ...evidence }: Evidence) {
  const { releaseDigest: release_digest, recordedBy: recorded_by, recordedAt: recorded_at, expiresAt: expires_at } = evidence;
  return { id, kind, outcome, summary, digest, release_digest, recorded_by, recorded_at, expires_at };
}

function entryOf(evidence: Evidence, subject: string): JournalEntry {
  const { kind, outcome, summary, digest, id, findings } = evidence;
  const detail = { id, kind, outcome, summary, digest, findings: findings.length };
  return { at: evidence.recordedAt, who: evidence.recordedBy, what: 'evidence.recorded', subject, detail };
}

async function findingsOf(kysely: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const found = new Map<string, Finding[]>();
  if (ids.length === 0) return found;
  const rows = await kysely.selectFrom('finding').selectAll().where('evidence_id', 'in', ids).orderBy('ordinal').execute();
  for (const row of rows) {
    const own = found.get(row.evidence_id) ?? [];
    own.push({ id: row.finding, severity: row.severity, package: row.package, storey: row.storey });
    found.set(row.evidence_id, own);
  }
  return found;
}
