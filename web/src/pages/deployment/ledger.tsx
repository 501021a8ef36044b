/** The ledger, drawing itself while the deployment moves: requests sent, failed, and the longest gap. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Numbers } from '../../parts/numbers.tsx';

type Point = { readonly at: number; readonly sent: number; readonly failed: number };
const [width, height] = [480, 96];
const most = 600;

export function Ledger({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { ledger } = deployment;
  const points = usePoints(deployment);
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('word.ledger')}</CardTitle>
      <CardBody>
        {ledger === null ? <p className="quiet">{t('ledger.none')}</p> : <Numbers ledger={ledger} />}
        {points.length > 1 ? <Drawing points={points} /> : null}
      </CardBody>
    </Card>
  );
}

/** What was seen of the ledger while this page was open. */
function usePoints({ id, ledger, state }: DeploymentView): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  const [sent, failed] = [ledger?.sent ?? 0, ledger?.failed ?? 0];
  useEffect(() => setPoints([]), [id]);
  useEffect(() => {
    if (state !== 'running') return;
    setPoints((all) => [...all.slice(-most), { at: Date.now(), sent, failed }]);
  }, [sent, failed, state]);
  return points;
}

function Drawing({ points }: { readonly points: readonly Point[] }) {
  const { t } = useTranslation();
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const x = (at: number): number => (width * (at - first.at)) / Math.max(1, last.at - first.at);
  const y = (sent: number): number => height - 6 - ((height - 12) * sent) / Math.max(1, last.sent);
  const line = points.map(({ at, sent }) => `${x(at).toFixed(1)},${y(sent).toFixed(1)}`).join(' ');
  const failures = points.filter((point, index) => point.failed > (points[index - 1]?.failed ?? 0));
  return (
    <svg
      className="ledger-drawing"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('ledger.drawing', { sent: last.sent, failed: last.failed })}
    >
      <polyline className="ledger-area" points={`0,${height} ${line} ${width},${height}`} />
      <polyline className="ledger-line" points={line} />
      {failures.map(({ at, sent }) => (
        <circle key={at} className="ledger-failure" cx={x(at)} cy={y(sent)} r="4" />
      ))}
    </svg>
  );
}
