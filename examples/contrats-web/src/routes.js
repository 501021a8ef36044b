import { readFileSync } from 'node:fs';
import formulaires from '@fastify/formbody';
import Fastify from 'fastify';

const style = readFileSync(new URL('../public/style.css', import.meta.url));

/** Les pages ; /healthz ne dépend de personne, pour qu'une panne de l'API n'éteigne pas l'écran. */
export function construire({ api, vues, identite }) {
  const serveur = Fastify({ logger: false });
  serveur.register(formulaires);
  serveur.addHook('onSend', async (_requete, reponse) => {
    reponse.header('x-beluga-version', identite.version).header('x-exemplaire', identite.exemplaire);
  });
  const page = (reponse, html) => reponse.type('text/html; charset=utf-8').send(html);

  serveur.get('/healthz', async () => ({ etat: 'pret' }));
  serveur.get('/style.css', (_requete, reponse) => reponse.type('text/css').header('cache-control', 'max-age=60').send(style));
  serveur.get('/', async (_requete, reponse) => page(reponse, vues.portefeuille(await api.portefeuille())));
  serveur.get('/contrats/:numero', async (requete, reponse) => {
    const contrat = await api.contrat(requete.params.numero);
    return contrat === null ? page(reponse.code(404), vues.absent(requete.params.numero)) : page(reponse, vues.contrat(contrat));
  });
  serveur.get('/souscrire', (_requete, reponse) => page(reponse, vues.souscription({ demande: {}, erreur: null })));
  serveur.post('/souscrire', async (requete, reponse) => {
    const demande = { ...requete.body, primeAnnuelle: Number(requete.body.primeAnnuelle) };
    const { contrat, erreur } = await api.souscrire(demande);
    return contrat === undefined
      ? page(reponse.code(422), vues.souscription({ demande, erreur }))
      : reponse.redirect(`/contrats/${contrat.numero}`, 303);
  });
  serveur.setErrorHandler((erreur, requete, reponse) => {
    console.error(JSON.stringify({ message: erreur.message, chemin: requete.url }));
    return page(reponse.code(erreur.statusCode ?? 502), vues.panne(erreur));
  });
  return serveur;
}
