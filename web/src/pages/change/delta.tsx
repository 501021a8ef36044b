/** What differs between two releases: commits, the layers and packages of the image, vulnerabilities, configuration. */

import type { ChangeView } from '@beluga/contract/change-schema';
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { bytesOf } from '../../parts/bytes.ts';
import { Severity } from '../../parts/severity.tsx';
import { Packages } from './packages.tsx';

type Props = { readonly delta: ChangeView['facts']['delta'] };
/** `first`: nothing is there that it could be compared with. */
type ComparedProps = Props & { readonly first: boolean };

export function Delta({ delta, first }: ComparedProps) {
  const { t } = useTranslation();
  const { direction, commits } = delta;
  return (
    <div className="delta">
      <section>
        <h3>{t(direction === 'back' ? 'delta.undone' : 'delta.commits', { count: commits.length })}</h3>
        {commits.length === 0 ? <p className="quiet">{t('delta.noCommits')}</p> : null}
        <ul className="commits">
          {commits.map(({ id, topic, title, breaking, author }) => (
            <li key={id}>
              <Label isCompact variant="outline">
                {t(`topic.${topic}`)}
              </Label>{' '}
              {breaking ? (
                <Label isCompact color="red">
                  {t('delta.breaking')}
                </Label>
              ) : null}{' '}
              {title} <span className="quiet">{author}</span>
            </li>
          ))}
        </ul>
      </section>
      <Layers delta={delta} />
      <Packages delta={delta} first={first} />
      <Vulnerabilities delta={delta} first={first} />
      <Configuration delta={delta} />
    </div>
  );
}

export function Configuration({ delta: { configuration } }: Props) {
  const { t } = useTranslation();
  const valueOf = useValue();
  return (
    <section>
      <h3>{t('plan.configuration')}</h3>
      {configuration.length === 0 ? <p className="quiet">{t('plan.sameConfiguration')}</p> : null}
      <ul className="difference">
        {configuration.map(({ name, before, after, change, origin }) => (
          <li key={`${origin} ${name}`}>
            <code translate="no">{name}</code>
            {before === null ? null : <del aria-label={t('plan.was', { value: valueOf(before, origin) })}>{valueOf(before, origin)}</del>}
            {after === null ? null : <ins aria-label={t('plan.becomes', { value: valueOf(after, origin) })}>{valueOf(after, origin)}</ins>}
            {before === null && after === null ? <Masked change={change} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is or may be secret: that it changed is told, its value never. */
function Masked({ change }: { readonly change: Props['delta']['configuration'][number]['change'] }) {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true">••••••</span>
      <small className="quiet">{t('delta.masked', { change: t(`delta.${change}`) })}</small>
    </>
  );
}

/** What the platform words itself is worded again; what people wrote stays. */
function useValue(): (value: string, origin: string) => string {
  const { t } = useTranslation();
  return (value, origin) => {
    if (origin !== 'setting') return value;
    const [, min, max] = /^(\d+) to (\d+)$/.exec(value) ?? [];
    if (min !== undefined && max !== undefined) return min === max ? min : t('delta.range', { min, max });
    if (value === 'none') return t('dependencies.nobody');
    return value === 'no limit' ? t('delta.noLimit') : value;
  };
}

export function Layers({ delta: { layers } }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <section>
      <h3>{t('word.image')}</h3>
      <ul className="plain-list">
        {layers.map(({ storey, added, removed, addedBytes }) => (
          <li key={storey}>
            {t('delta.layers', { storey: t(`storey.${storey}`), added, removed, size: bytesOf(addedBytes, i18n.language) })}
          </li>
        ))}
        {layers.length === 0 ? <li className="quiet">{t('delta.sameLayers')}</li> : null}
      </ul>
    </section>
  );
}

export function Vulnerabilities({ delta: { vulnerabilities }, first }: ComparedProps) {
  const { t } = useTranslation();
  const { scanned, added, removed } = vulnerabilities;
  const unknown = first ? t('delta.nothingBefore') : t('delta.notScanned');
  const text = scanned ? t('delta.scanned', { added: added.length, removed: removed.length }) : unknown;
  return (
    <section>
      <h3>{t('delta.vulnerabilities')}</h3>
      <p className={added.length > 0 ? '' : 'quiet'}>{text}</p>
      <ul className="difference">
        {added.map((one) => (
          <Found key={`${one.id} ${one.package}`} found={one} change="added" />
        ))}
        {removed.map((one) => (
          <Found key={`${one.id} ${one.package}`} found={one} change="removed" />
        ))}
      </ul>
    </section>
  );
}

type FoundProps = {
  readonly found: Props['delta']['vulnerabilities']['added'][number];
  readonly change: 'added' | 'removed';
};

function Found({ found: { id, severity, package: name }, change }: FoundProps) {
  const { t } = useTranslation();
  return (
    <li>
      <Severity severity={severity} />
      {change === 'added' ? <strong translate="no">{id}</strong> : <del translate="no">{id}</del>}
      <code translate="no">{name}</code>
      <small className="quiet">{t(`delta.${change}`)}</small>
    </li>
  );
}
