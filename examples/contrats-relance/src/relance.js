// Demande à l'API les contrats dont l'échéance approche et écrit un rappel pour chacun ; finit avec le code 0, ou 1 si l'API ne répond pas.
import pino from 'pino';
import { rappel } from './rappel.js';

const journal = pino({
  base: { composant: 'contrats-relance', version: process.env.BELUGA_VERSION ?? 'locale' },
  timestamp: pino.stdTimeFunctions.isoTime,
});
const adresse = process.env.CONTRATS_API_URL ?? 'http://127.0.0.1:8081';
const jours = Number(process.env.JOURS ?? 30);

try {
  const reponse = await fetch(`${adresse}/echeances?jours=${jours}`, { signal: AbortSignal.timeout(10_000) });
  if (!reponse.ok) throw new Error(`contrats-api a répondu ${reponse.status}`);
  const { echeances } = await reponse.json();
  for (const contrat of echeances) journal.info(rappel(contrat), 'rappel');
  journal.info({ rappels: echeances.length, jours }, 'relance finie');
} catch (erreur) {
  journal.error({ erreur: erreur.message }, 'relance impossible');
  process.exitCode = 1;
}
