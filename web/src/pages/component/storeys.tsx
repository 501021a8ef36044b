/** The image as storeys: what the vendor gives, what the company adds, what the application needs, what it is; with what was found in each. */

import type { ReleaseView } from '@beluga/contract/api-schema';
import type { ComponentPageView } from '@beluga/contract/console-schema';
import type { FindingView } from '@beluga/contract/evidence-schema';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { bytesOf } from '../../parts/bytes.ts';
import { Choice } from '../../parts/choice.tsx';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';
import { Compliance } from './compliance.tsx';
import { FindingCounts, FindingList, useScan } from './findings.tsx';

const route = getRouteApi('/components/$component');
const storeys = ['application', 'dependencies', 'socle', 'vendor'] as const;

/** Of the newest release unless another one is chosen. */
export function Storeys({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const { version } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = page.releases.find((release) => release.version === version) ?? page.releases[0];
  if (chosen === undefined) return <Empty title={t('release.none')} />;
  const where = (digest: string): string =>
    page.stages.flatMap(({ current, environment }) => (current?.digest === digest ? [environment] : [])).join(', ');
  const options = page.releases.map(({ version: value, digest }) => ({
    value,
    words: [value, where(digest)].filter((one) => one !== '').join(' · '),
  }));
  return (
    <>
      <div className="tab-tools">
        <Choice
          label={t('word.version')}
          value={chosen.version}
          none={null}
          options={options}
          change={(value) => void navigate({ search: (all) => ({ ...all, version: value }), replace: true, resetScroll: false })}
        />
        <CommandLine>{`beluga release show ${page.component.name}@${chosen.version}`}</CommandLine>
      </div>
      <Storied component={page.component.name} version={chosen.version} />
    </>
  );
}

function Storied({ component, version }: { readonly component: string; readonly version: string }) {
  const query = useQuery({
    queryKey: ['release', component, version],
    queryFn: () => client.showRelease({ component, version }),
    // A release never changes.
    staleTime: 'static',
    refetchInterval: false,
  });
  return <Loaded query={query}>{(release) => <Building release={release} />}</Loaded>;
}

function Building({ release }: { readonly release: ReleaseView }) {
  const { t, i18n } = useTranslation();
  const { component, version, layers, image } = release;
  const findings = useScan(component, version);
  const total = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (layers.length === 0) return <Empty title={t('image.noLayers')}>{t('image.noLayersText')}</Empty>;
  return (
    <>
      <p>{t('image.text', { version, size: bytesOf(total, i18n.language) })}</p>
      <ol className="building">
        {storeys.map((storey) => (
          <Storey
            key={storey}
            storey={storey}
            layers={layers.filter((layer) => layer.storey === storey)}
            total={total}
            findings={findings === null ? null : findings.filter((finding) => finding.storey === storey)}
          />
        ))}
      </ol>
      <p className="quiet digest" translate="no">
        {image}
      </p>
      <Compliance component={component} version={version} />
      <FindingList findings={findings} component={component} version={version} />
    </>
  );
}

type StoreyProps = {
  readonly storey: (typeof storeys)[number];
  readonly layers: ReleaseView['layers'];
  readonly total: number;
  /** Null when nobody scanned it. */
  readonly findings: readonly FindingView[] | null;
};

function Storey({ storey, layers, total, findings }: StoreyProps) {
  const { t, i18n } = useTranslation();
  const size = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (layers.length === 0) return null;
  return (
    <li className={`storey storey-${storey}`}>
      <div>
        <strong>{t(`storey.${storey}`)}</strong>
        <span className="quiet">{t(`storeyOwner.${storey}`)}</span>
      </div>
      <div className="storey-size">
        <meter min={0} max={total} value={size} aria-label={t(`storey.${storey}`)} />
        <span>{bytesOf(size, i18n.language)}</span>
      </div>
      <ul>
        {layers.map(({ digest, sizeBytes }) => (
          <li key={digest}>
            <code translate="no">{digest.slice(7, 19)}</code> {bytesOf(sizeBytes, i18n.language)}
          </li>
        ))}
      </ul>
      <FindingCounts findings={findings} />
    </li>
  );
}
