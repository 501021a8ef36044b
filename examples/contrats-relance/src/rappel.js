import dayjs from 'dayjs';
import 'dayjs/locale/fr.js';

/** Ce qu'on rappelle au titulaire d'un contrat. */
export function rappel({ numero, titulaire, produit, echeanceLe }) {
  const echeance = dayjs(echeanceLe).locale('fr');
  return {
    contrat: numero,
    titulaire,
    dansJours: echeance.diff(dayjs().startOf('day'), 'day'),
    texte: `Votre contrat ${produit} se renouvelle le ${echeance.format('D MMMM YYYY')}.`,
  };
}
