import { lookAt } from './every-page.ts';
import { pagesOfWhoDecides } from './pages.ts';

await lookAt('who decides', pagesOfWhoDecides);
