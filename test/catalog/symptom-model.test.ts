import { expect, it } from 'vitest';
import { learnSymptoms } from '../../build/symptom-model.ts';
import model from '../../src/catalog/understand/symptom-model.json' with { type: 'json' };

// Everything is learned again, four times: the more tellings there are, the longer it takes.
it(
  'is what the catalogue, its situations and its tellings teach: `npm run learn` after a change',
  { timeout: 900_000 },
  () => {
    expect(learnSymptoms()).toEqual(model);
  },
);
