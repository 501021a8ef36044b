/** How much there is, and how well it was installed. */

import type { EstateView } from '@beluga/contract/console-schema';
import { useTranslation } from 'react-i18next';

export function Counts({ counts }: { readonly counts: EstateView['counts'] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const { today, total, measured, uninterrupted } = counts.installations;
  const cards = [
    { name: 'systems', value: counts.systems, text: t('estate.systems', { count: counts.systems }) },
    { name: 'components', value: counts.components, text: t('estate.components', { count: counts.components }) },
    { name: 'instances', value: counts.instances, text: t('estate.instances', { count: counts.instances }) },
    { name: 'today', value: today, text: t('estate.today', { count: today }) },
    {
      name: 'uninterrupted',
      value: uninterrupted,
      text: t('estate.uninterrupted', { total: number.format(total), measured: number.format(measured) }),
    },
  ];
  return (
    <ul className="counts" aria-label={t('estate.counts')}>
      {cards.map(({ name, value, text }) => (
        <li key={name}>
          <strong>{number.format(value)}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
