/** The socles that images stand on. */

import type { SocleView } from '@beluga/contract/socle-view-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { bytesOf } from '../../parts/bytes.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Ago } from '../../parts/time.tsx';
import { soclesQuery } from '../../queries.ts';

export function ImagesPage() {
  const { t } = useTranslation();
  const query = useQuery(soclesQuery);
  return (
    <Page title={t('page.images')} text={t('images.text')}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('images.none')}>
              <CommandLine>beluga up</CommandLine>
            </Empty>
          ) : (
            <ul className="cards">
              {items.map((socle) => (
                <li key={socle.name}>
                  <Socle socle={socle} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function Socle({ socle: { name, image, layers, recordedAt, vendor } }: { readonly socle: SocleView }) {
  const { t, i18n } = useTranslation();
  const size = layers.reduce((sum, layer) => sum + layer.sizeBytes, 0);
  return (
    <Card isCompact isFullHeight>
      <CardTitle component="h2">
        <Link to="/images/$name" params={{ name }} translate="no">
          {name}
        </Link>
      </CardTitle>
      <CardBody>
        <p>{t('images.layers', { count: layers.length, size: bytesOf(size, i18n.language) })}</p>
        <p className="quiet">
          {t('images.recorded')} <Ago at={recordedAt} />
        </p>
        <dl className="digests">
          <dt>{t('word.image')}</dt>
          <dd className="digest" translate="no">
            {image}
          </dd>
          <dt>{t('storey.vendor')}</dt>
          <dd className="digest" translate="no">
            {vendor}
          </dd>
        </dl>
      </CardBody>
    </Card>
  );
}
