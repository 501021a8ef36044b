import { hostname } from 'node:os';
import { contratsApi } from './contrats-api.js';
import { construire } from './routes.js';
import { preparerVues } from './vues.js';

const identite = {
  version: process.env.BELUGA_VERSION ?? 'locale',
  environnement: process.env.BELUGA_ENVIRONMENT ?? 'poste',
  exemplaire: hostname(),
};
const serveur = construire({
  api: contratsApi(process.env.CONTRATS_API_URL ?? 'http://127.0.0.1:8081'),
  vues: preparerVues(identite),
  identite,
});

await serveur.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 8080) });
console.log(JSON.stringify({ message: 'contrats-web écoute', ...identite }));

// Part sans attendre personne, comme tant d'applications : c'est à la plateforme de ne plus rien lui envoyer avant.
process.on('SIGTERM', () => process.exit(0));
