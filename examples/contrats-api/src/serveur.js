// Ouvre la base, puis écoute. À SIGTERM, finit les requêtes en cours avant de partir.
import { hostname } from 'node:os';
import { ouvrir } from './base.js';
import { construire } from './routes.js';

const base = ouvrir(process.env.DONNEES ?? '/data');
const serveur = construire(base, {
  version: process.env.BELUGA_VERSION ?? 'locale',
  environnement: process.env.BELUGA_ENVIRONMENT ?? 'poste',
  exemplaire: hostname(),
});

await serveur.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 8080) });
console.log(JSON.stringify({ message: 'contrats-api écoute', version: process.env.BELUGA_VERSION, contrats: base.compter() }));

process.once('SIGTERM', async () => {
  await serveur.close();
  base.fermer();
  process.exit(0);
});
