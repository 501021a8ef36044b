/** Which packages of an image come, go and change their version, as the SBOMs of the two releases list them. */

import type { ChangeView } from '@beluga/contract/change-schema';
import { useTranslation } from 'react-i18next';
import { packageOf } from './package-name.ts';

type Delta = ChangeView['facts']['delta'];
type Change = NonNullable<Delta['packages']>['changes'][number];
/** More than these stand below, to be opened. */
const atOnce = 12;

export function Packages({ delta: { packages }, first }: { readonly delta: Delta; readonly first: boolean }) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{packages?.known === true ? t('packages.count', { count: packages.count }) : t('packages.title')}</h3>
      {packages?.known === true ? null : <p className="quiet">{t(first ? 'delta.nothingBefore' : 'packages.unknown')}</p>}
      {packages?.known === true && packages.count === 0 ? <p className="quiet">{t('packages.same')}</p> : null}
      {packages === undefined ? null : <Listed changes={packages.changes} count={packages.count} />}
    </section>
  );
}

function Listed({ changes, count }: { readonly changes: readonly Change[]; readonly count: number }) {
  const { t } = useTranslation();
  const rest = changes.slice(atOnce);
  const unlisted = count - changes.length;
  return (
    <>
      <Rows changes={changes.slice(0, atOnce)} />
      {rest.length === 0 ? null : (
        <details className="more">
          <summary>{t('packages.more', { count: rest.length })}</summary>
          <Rows changes={rest} />
          {unlisted > 0 ? <p className="quiet">{t('packages.unlisted', { count: unlisted })}</p> : null}
        </details>
      )}
    </>
  );
}

function Rows({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  return (
    <ul className="difference">
      {changes.map(({ package: url, before, after }) => {
        const { name, from } = packageOf(url);
        return (
          <li key={url} title={url}>
            <code translate="no">{name}</code>
            <small className="quiet" translate="no">
              {from}
            </small>
            {before === null ? null : <del aria-label={t('plan.was', { value: before })}>{before}</del>}
            {after === null ? null : <ins aria-label={t('plan.becomes', { value: after })}>{after}</ins>}
            {before === null ? <small className="quiet">{t('delta.added')}</small> : null}
            {after === null ? <small className="quiet">{t('delta.removed')}</small> : null}
          </li>
        );
      })}
    </ul>
  );
}
