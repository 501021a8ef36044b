/** Who needs this component, and what it needs: a small graph of links. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../parts/empty.tsx';

const row = 48;

export function Dependencies({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const { name, dependsOn, dependents } = page.component;
  if (dependsOn.length + dependents.length === 0) return <Empty title={t('dependencies.none')}>{t('dependencies.noneText')}</Empty>;
  const height = Math.max(1, dependsOn.length, dependents.length) * row;
  return (
    <div className="graph">
      <Column title={t('dependencies.dependents')} names={dependents} />
      <Lines count={dependents.length} height={height} towards="right" />
      <div className="graph-column">
        <h2>{t('word.component')}</h2>
        <div className="graph-middle" style={{ height }}>
          <strong className="graph-node graph-self" translate="no">
            {name}
          </strong>
        </div>
      </div>
      <Lines count={dependsOn.length} height={height} towards="left" />
      <Column title={t('dependencies.dependsOn')} names={dependsOn} />
    </div>
  );
}

function Column({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <div className="graph-column">
      <h2>{title}</h2>
      {names.length === 0 ? <p className="quiet">{t('dependencies.nobody')}</p> : null}
      <ul>
        {names.map((name) => (
          <li key={name}>
            <Link to="/components/$component" params={{ component: name }} className="graph-node" translate="no">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** From each name to the middle, or from the middle to each name. */
function Lines({ count, height, towards }: { readonly count: number; readonly height: number; readonly towards: 'left' | 'right' }) {
  const [near, far] = towards === 'right' ? [0, 60] : [60, 0];
  return (
    <svg className="graph-lines" width="60" height={height} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => {
        const y = index * row + row / 2;
        return <path key={index} d={`M${near} ${y} C 30 ${y}, 30 ${height / 2}, ${far} ${height / 2}`} />;
      })}
    </svg>
  );
}
