import { lookAt } from './every-page.ts';
import { pagesOfWhatRuns } from './pages.ts';

await lookAt('what runs', pagesOfWhatRuns);
