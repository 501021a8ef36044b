// Une base SQLite sur un volume que les exemplaires partagent : le journal WAL les laisse lire pendant que l'un d'eux écrit.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import dayjs from 'dayjs';
import { premiersContrats } from './premiers-contrats.js';

const schema = `
  CREATE TABLE IF NOT EXISTS contrat (
    numero TEXT PRIMARY KEY,
    titulaire TEXT NOT NULL,
    produit TEXT NOT NULL,
    prime_annuelle REAL NOT NULL,
    souscrit_le TEXT NOT NULL,
    echeance_le TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS contrat_echeance ON contrat (echeance_le);`;

const colonnes = 'numero, titulaire, produit, prime_annuelle AS primeAnnuelle, souscrit_le AS souscritLe, echeance_le AS echeanceLe';

/** Ouvre la base du dossier, la crée et la garnit à la première fois. */
export function ouvrir(dossier) {
  mkdirSync(dossier, { recursive: true });
  const base = new DatabaseSync(join(dossier, 'contrats.sqlite'), { timeout: 5000 });
  base.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  enTransaction(base, () => {
    base.exec(schema);
    garnir(base);
  });
  return verbes(base);
}

function garnir(base) {
  if (base.prepare('SELECT count(*) AS nombre FROM contrat').get().nombre > 0) return;
  for (const contrat of premiersContrats(dayjs())) inserer(base, contrat);
}

function verbes(base) {
  const liste = base.prepare(`SELECT ${colonnes} FROM contrat ORDER BY souscrit_le DESC, numero DESC LIMIT 100`);
  const un = base.prepare(`SELECT ${colonnes} FROM contrat WHERE numero = ?`);
  const compte = base.prepare('SELECT count(*) AS nombre FROM contrat');
  const totaux = base.prepare(
    'SELECT count(*) AS contrats, coalesce(sum(prime_annuelle), 0) AS primes, count(DISTINCT titulaire) AS titulaires FROM contrat',
  );
  const bientot = base.prepare(`SELECT ${colonnes} FROM contrat WHERE echeance_le BETWEEN ? AND ? ORDER BY echeance_le`);
  return {
    compter: () => compte.get().nombre,
    lister: () => liste.all(),
    lire: (numero) => un.get(numero),
    totaliser: () => totaux.get(),
    echeances: (jours) => bientot.all(dayjs().format('YYYY-MM-DD'), dayjs().add(jours, 'day').format('YYYY-MM-DD')),
    souscrire: (demande) => enTransaction(base, () => inserer(base, nouveau(demande, compte.get().nombre + 1))),
    fermer: () => base.close(),
  };
}

function nouveau({ titulaire, produit, primeAnnuelle }, rang) {
  const jour = dayjs();
  return {
    numero: `${produit.slice(0, 2).toUpperCase()}-${jour.format('YYYY')}-${String(rang).padStart(5, '0')}`,
    titulaire,
    produit,
    primeAnnuelle,
    souscritLe: jour.format('YYYY-MM-DD'),
    echeanceLe: jour.add(1, 'year').format('YYYY-MM-DD'),
  };
}

function inserer(base, contrat) {
  base
    .prepare('INSERT INTO contrat VALUES (?, ?, ?, ?, ?, ?)')
    .run(contrat.numero, contrat.titulaire, contrat.produit, contrat.primeAnnuelle, contrat.souscritLe, contrat.echeanceLe);
  return contrat;
}

// IMMEDIATE prend le verrou d'écriture tout de suite : deux exemplaires qui démarrent ensemble attendent leur tour.
function enTransaction(base, travail) {
  base.exec('BEGIN IMMEDIATE');
  try {
    const resultat = travail();
    base.exec('COMMIT');
    return resultat;
  } catch (erreur) {
    base.exec('ROLLBACK');
    throw erreur;
  }
}
