/** The import table of ARCHITECTURE.md, written from the law that the architecture test applies. */
import { law, type Place, worldly } from '../architecture/law.ts';

/** Markdown: which folder may import which, and which modules touch the world where. */
export function importTable(): string {
  const places = Object.keys(law) as Place[];
  const rows = places.map((place) => `| \`${law[place].folder}\` | ${mayOf(place)} |`);
  const world = worldly.map(({ modules, where }) => `| ${modules.map((name) => `\`${name}\``).join(', ')} | ${where} |`);
  return ['| folder | may import, beside itself |', '|---|---|', ...rows, '', '| module | only in |', '|---|---|', ...world].join('\n');
}

function mayOf(place: Place): string {
  const { may } = law[place];
  if (may.length === 0) return 'nothing of ours';
  if (may.includes('main')) return 'everything';
  return may
    .map((other) => (place === 'driver' && other === 'port' ? 'its own port' : place === 'port' ? `types of ${other}` : other))
    .join(', ');
}
