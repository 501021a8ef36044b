/** Where a package or a finding runs now, read from what was kept when each release was registered and scanned. */
import { type Kysely, sql } from 'kysely';
import type { Severity } from '../domain/evidence.ts';
import type { Exposure } from '../domain/exposure.ts';
import { type NamedPackage, namePurl } from '../domain/purl.ts';
import type { Storey } from '../domain/release.ts';
import type { Tables } from './tables.ts';

type Found = Exposure & { readonly base: string };
type Row = {
  component: string;
  system: string;
  environment: string;
  version: string;
  package: string;
  storey: Storey | null;
};

export function exposureStore(kysely: Kysely<Tables>) {
  return {
    /** What runs and holds one of these packages; an empty version means every one. */
    async byPackage(packages: readonly NamedPackage[]): Promise<readonly Found[]> {
      if (packages.length === 0) return [];
      const [bases, versions] = [packages.map(({ base }) => base), packages.map(({ version }) => version)];
      const { rows } = await sql<Row>`
        select current_release.component, component.system, current_release.environment, release.version,
          package.purl as package, package.storey
        from (select distinct * from unnest(${bases}::text[], ${versions}::text[]) as asked (base, version)) asked
        join package on package.base = asked.base and (asked.version = '' or package.version = asked.version)
        join image_facts on image_facts.packages = package.list
        join current_release on current_release.release_digest = image_facts.release_digest
        join release on release.digest = current_release.release_digest
        join component on component.name = current_release.component`.execute(kysely);
      return rows.map((row) => ({ ...row, ...namePurl(row.package), version: row.version, severity: null, basis: 'package' }));
    },
    /** What runs and has it in its newest scan. */
    async byScan(finding: string): Promise<readonly Found[]> {
      const { rows } = await sql<Row & { severity: Severity }>`
        select current_release.component, component.system, current_release.environment, release.version,
          finding.package, finding.storey, finding.severity
        from finding
        join evidence on evidence.id = finding.evidence_id and evidence.kind = 'scan'
        join current_release on current_release.release_digest = evidence.release_digest
        join release on release.digest = current_release.release_digest
        join component on component.name = current_release.component
        where finding.finding = ${finding}
          and not exists (select from evidence newer where newer.release_digest = evidence.release_digest and newer.kind = 'scan'
                          and (newer.recorded_at, newer.id) > (evidence.recorded_at, evidence.id))`.execute(kysely);
      return rows.map((row) => ({ ...row, base: namePurl(row.package).base, basis: 'scan' }));
    },
    /** The packages in which any scan found it. */
    async packagesWith(finding: string): Promise<readonly NamedPackage[]> {
      const rows = await kysely.selectFrom('finding').select('package').distinct().where('finding', '=', finding).execute();
      return rows.filter((row) => row.package.startsWith('pkg:')).map((row) => namePurl(row.package));
    },
  };
}
export type ExposureStore = ReturnType<typeof exposureStore>;
