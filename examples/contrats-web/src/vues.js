import { fileURLToPath } from 'node:url';
import dayjs from 'dayjs';
import 'dayjs/locale/fr.js';
import { Eta } from 'eta';

const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const outils = {
  euros: (montant) => euros.format(montant),
  date: (jour) => dayjs(jour).locale('fr').format('D MMMM YYYY'),
  jours: (jour) => dayjs(jour).diff(dayjs().startOf('day'), 'day'),
  produits: ['Auto', 'Habitation', 'Santé', 'Prévoyance'],
};

/** Les pages, chacune une fonction de ce qu'elle montre. */
export function preparerVues(identite) {
  const eta = new Eta({ views: fileURLToPath(new URL('../vues', import.meta.url)), cache: true });
  const vue = (nom) => (donnees) => eta.render(nom, { ...donnees, ...outils, identite });
  return {
    portefeuille: vue('portefeuille'),
    contrat: (contrat) => vue('contrat')({ contrat }),
    souscription: vue('souscription'),
    absent: (numero) => vue('message')({ titre: 'Contrat introuvable', texte: `Aucun contrat ne porte le numéro ${numero}.` }),
    panne: () =>
      vue('message')({
        titre: 'Service momentanément indisponible',
        texte: 'Vos contrats n’ont pas pu être lus. Réessayez dans un instant.',
      }),
  };
}
