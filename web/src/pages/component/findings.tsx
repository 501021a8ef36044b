/** What the newest scan of a release found, by severity. */

import type { FindingView } from '@beluga/contract/evidence-schema';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Severity } from '../../parts/severity.tsx';

const severities = ['critical', 'high', 'medium', 'low'] as const;
const most = 200;

/** Null when nobody scanned it. */
export function useScan(component: string, version: string): readonly FindingView[] | null {
  const { data } = useQuery({
    queryKey: ['evidence', component, version],
    queryFn: () => client.listEvidence({ component, version }),
  });
  return data?.items.find(({ kind }) => kind === 'scan')?.findings ?? null;
}

export function FindingCounts({ findings }: { readonly findings: readonly FindingView[] | null }) {
  const { t } = useTranslation();
  if (findings === null) return <span className="quiet">{t('finding.notScanned')}</span>;
  if (findings.length === 0) return <span className="quiet">{t('finding.none')}</span>;
  return (
    <span className="finding-counts">
      {severities
        .map((severity) => ({ severity, count: findings.filter((one) => one.severity === severity).length }))
        .filter(({ count }) => count > 0)
        .map(({ severity, count }) => (
          <Severity key={severity} severity={severity} words={t(`finding.counts.${severity}`, { count })} />
        ))}
    </span>
  );
}

type ListProps = { readonly findings: readonly FindingView[] | null; readonly component: string; readonly version: string };

/** The gravest first; without a scan, how one is recorded. */
export function FindingList({ findings, component, version }: ListProps) {
  const { t } = useTranslation();
  if (findings === null) return <CommandLine>{`beluga evidence add ${component}@${version} --kind scan --file report.json`}</CommandLine>;
  if (findings.length === 0) return null;
  const sorted = severities.flatMap((severity) => findings.filter((one) => one.severity === severity));
  return (
    <section>
      <h2>{t('finding.title')}</h2>
      <Table aria-label={t('finding.title')} variant="compact">
        <Thead>
          <Tr>
            <Th>{t('finding.severity')}</Th>
            <Th>{t('finding.id')}</Th>
            <Th width={50}>{t('finding.package')}</Th>
            <Th>{t('finding.storey')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {sorted.slice(0, most).map(({ id, severity, package: name, storey }) => (
            <Tr key={`${id} ${name}`}>
              <Td dataLabel={t('finding.severity')}>
                <Severity severity={severity} />
              </Td>
              <Td dataLabel={t('finding.id')} translate="no">
                {id}
              </Td>
              <Td dataLabel={t('finding.package')} translate="no">
                {name}
              </Td>
              <Td dataLabel={t('finding.storey')}>{storey === null ? '–' : t(`storey.${storey}`)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </section>
  );
}
