/** Releases with the commits they are made of. */
import type { StageReleaseView } from '@beluga/contract/console-schema';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../parts/time.tsx';

export function Commits({ releases }: { readonly releases: readonly StageReleaseView[] }) {
  const { t } = useTranslation();
  return (
    <ul className="commits">
      {releases.map(({ version, commit, createdAt }) => (
        <li key={version}>
          <span>{commit?.subject ?? t('release.noCommit')}</span>
          <small className="quiet">
            <code translate="no">{commit === null ? version : commit.id.slice(0, 8)}</code> {commit?.author}{' '}
            <Ago at={commit?.at ?? createdAt} />
          </small>
        </li>
      ))}
    </ul>
  );
}
