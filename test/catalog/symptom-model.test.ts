import { expect, it } from 'vitest';
import { learnSymptoms } from '../../build/symptom-model.ts';
import model from '../../src/catalog/understand/symptom-model.json' with { type: 'json' };

it('is what the catalogue, its situations and its tellings teach: `npm run learn` after a change', () => {
  expect(learnSymptoms()).toEqual(model);
});
