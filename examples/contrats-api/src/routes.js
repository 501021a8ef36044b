import Fastify from 'fastify';

const souscription = {
  type: 'object',
  additionalProperties: false,
  required: ['titulaire', 'produit', 'primeAnnuelle'],
  properties: {
    titulaire: { type: 'string', minLength: 2, maxLength: 80 },
    produit: { enum: ['Auto', 'Habitation', 'Santé', 'Prévoyance'] },
    primeAnnuelle: { type: 'number', minimum: 1, maximum: 100_000 },
  },
};
const recherche = {
  type: 'object',
  properties: { jours: { type: 'integer', minimum: 1, maximum: 366, default: 30 } },
};

/** Le serveur HTTP au-dessus d'une base ouverte ; `identite` est rappelée dans l'en-tête de chaque réponse. */
export function construire(base, identite) {
  const serveur = Fastify({ logger: false, forceCloseConnections: 'idle' });
  serveur.addHook('onSend', async (_requete, reponse) => {
    reponse.header('x-beluga-version', identite.version).header('x-exemplaire', identite.exemplaire);
  });
  serveur.get('/healthz', async () => ({ etat: 'pret', contrats: base.compter() }));
  serveur.get('/version', async () => identite);
  serveur.get('/contrats', async () => ({ contrats: base.lister(), totaux: base.totaliser() }));
  serveur.get('/contrats/:numero', async (requete, reponse) => {
    const contrat = base.lire(requete.params.numero);
    return contrat ?? reponse.code(404).send({ erreur: `Aucun contrat ne porte le numéro ${requete.params.numero}.` });
  });
  serveur.post('/contrats', { schema: { body: souscription } }, async (requete, reponse) =>
    reponse.code(201).send(base.souscrire(requete.body)),
  );
  serveur.get('/echeances', { schema: { querystring: recherche } }, async (requete) => ({
    echeances: base.echeances(requete.query.jours),
  }));
  return serveur;
}
