/** Ce que l'écran demande à l'API ; une lecture coupée en route est redemandée une fois. */
export function contratsApi(adresse) {
  const lire = async (chemin) => {
    const reponse = await fetch(adresse + chemin, { signal: AbortSignal.timeout(5000) }).catch(() =>
      fetch(adresse + chemin, { signal: AbortSignal.timeout(5000) }),
    );
    if (reponse.status === 404) return null;
    if (!reponse.ok) throw new Error(`contrats-api a répondu ${reponse.status} à ${chemin}`);
    return reponse.json();
  };
  return {
    portefeuille: () => lire('/contrats'),
    contrat: (numero) => lire(`/contrats/${encodeURIComponent(numero)}`),
    version: () => lire('/version'),
    souscrire: async (demande) => {
      const reponse = await fetch(`${adresse}/contrats`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(demande),
        signal: AbortSignal.timeout(5000),
      });
      const corps = await reponse.json();
      return reponse.status === 201 ? { contrat: corps } : { erreur: corps.message };
    },
  };
}
