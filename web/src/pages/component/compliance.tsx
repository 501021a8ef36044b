/** Whether the image of a release conforms today, rule by rule. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';

export function Compliance({ component, version }: { readonly component: string; readonly version: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['compliance', component, version],
    queryFn: () => client.showCompliance({ component, version }),
  });
  if (data === undefined || data.rules.length === 0) return null;
  return (
    <section>
      <h2>{t('image.compliance')}</h2>
      <ul className="verdicts">
        {data.rules.map(({ rule, met, sentence }) => (
          <li key={rule}>
            <StateLabel state={met ? 'met' : 'unmet'} />
            <Said>{sentence}</Said>
          </li>
        ))}
      </ul>
    </section>
  );
}
