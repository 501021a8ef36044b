/** The image as storeys: what the vendor gives, what the company adds, what the application needs, what it is. */

import type { ReleaseView } from '@beluga/contract/api-schema';
import type { ComponentPageView } from '@beluga/contract/console-schema';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { bytesOf } from '../../parts/bytes.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';

const storeys = ['application', 'dependencies', 'socle', 'vendor'] as const;

export function Storeys({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const newest = page.releases[0];
  if (newest === undefined) return <Empty title={t('release.none')} />;
  return <Storied component={page.component.name} version={newest.version} />;
}

function Storied({ component, version }: { readonly component: string; readonly version: string }) {
  const query = useQuery({
    queryKey: ['release', component, version],
    queryFn: () => client.showRelease({ component, version }),
    staleTime: Infinity,
  });
  return <Loaded query={query}>{(release) => <Building release={release} />}</Loaded>;
}

function Building({ release }: { readonly release: ReleaseView }) {
  const { t, i18n } = useTranslation();
  const total = release.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  if (release.layers.length === 0) return <Empty title={t('image.noLayers')}>{t('image.noLayersText')}</Empty>;
  return (
    <>
      <p>{t('image.text', { version: release.version, size: bytesOf(total, i18n.language) })}</p>
      <ol className="building">
        {storeys.map((storey) => (
          <Storey key={storey} storey={storey} layers={release.layers.filter((layer) => layer.storey === storey)} total={total} />
        ))}
      </ol>
      <p className="quiet digest" translate="no">
        {release.image}
      </p>
    </>
  );
}

type StoreyProps = { readonly storey: (typeof storeys)[number]; readonly layers: ReleaseView['layers']; readonly total: number };

function Storey({ storey, layers, total }: StoreyProps) {
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
    </li>
  );
}
