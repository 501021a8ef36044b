// Quelques contrats pour que l'application ait quelque chose à montrer ; les échéances tombent autour d'aujourd'hui.
const lignes = [
  ['AU', '00001', 'Camille Le Goff', 'Auto', 642.5, -345, 20],
  ['HA', '00002', 'Camille Le Goff', 'Habitation', 288, -300, 65],
  ['SA', '00003', 'Nadia Benali', 'Santé', 1132.8, -280, 85],
  ['AU', '00004', 'Étienne Marchand', 'Auto', 517.2, -360, 5],
  ['PR', '00005', 'Sofia Rossi', 'Prévoyance', 860, -210, 155],
  ['HA', '00006', 'Hugo Lambert', 'Habitation', 341.9, -353, 12],
  ['SA', '00007', 'Maëlle Kerbrat', 'Santé', 978.4, -150, 215],
  ['AU', '00008', 'Ibrahim Diallo', 'Auto', 731.1, -337, 28],
  ['HA', '00009', 'Jeanne Fontaine', 'Habitation', 402.3, -90, 275],
  ['PR', '00010', 'Paul Nguyen', 'Prévoyance', 1210, -60, 305],
  ['AU', '00011', 'Lucie Garnier', 'Auto', 455, -30, 335],
  ['SA', '00012', 'Oscar Petit', 'Santé', 1045.6, -7, 358],
];

export function premiersContrats(aujourdhui) {
  return lignes.map(([code, rang, titulaire, produit, primeAnnuelle, depuis, avant]) => ({
    numero: `${code}-${aujourdhui.add(depuis, 'day').format('YYYY')}-${rang}`,
    titulaire,
    produit,
    primeAnnuelle,
    souscritLe: aujourdhui.add(depuis, 'day').format('YYYY-MM-DD'),
    echeanceLe: aujourdhui.add(avant, 'day').format('YYYY-MM-DD'),
  }));
}
