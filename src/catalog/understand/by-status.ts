import { findSubject, labelOf, type Subject } from '../subject.ts';
import { aspectOf500 } from './aspects.ts';
import type { Meaning } from './concepts.ts';
import type { Finding } from './finding.ts';
import { refused, type Context } from './named.ts';
import { isHubs } from './speaker.ts';
import type { StatusMention } from './statuses.ts';
import { fitting, topicsFor } from './symptoms.ts';

/** What a text that names HTTP statuses is about: a comparison, the code that its story tells, or the statuses. */
export function ofStatuses(context: Context): readonly Finding[] {
  const { text, statuses, meanings, domain } = context;
  const [first, second] = statuses;
  if (!first) return [];
  const general = /^(?:408|429|499|5\d\d)$/;
  // Of other services, only the statuses that mean the same everywhere are explained.
  const known = statuses.filter(({ status }) => !(domain.foreign || domain.nextDoor) || general.test(status));
  if (second) {
    const comparison = comparisonOf(first.status, second.status);
    if (comparison) return [{ subject: comparison, how: 'status', confidence: 'certain', at: first.at }];
  }
  const told = known.length === 1 && known[0] ? toldWithin(known[0], context) : undefined;
  if (told) return [told];
  return known.flatMap(({ status, at, end, inWords }): Finding[] => {
    const ofHub = inWords ? status === '500' && domain.points >= 2.5 : isHubs(text, at, end) && !aspectOf500(text);
    const family = ofHub ? findSubject(`${status}xxx`) : undefined;
    const subject = family ?? (status === '500' ? pageOf500(text, meanings) : findSubject(status));
    return subject ? [{ subject, how: 'status', confidence: inWords ? 'likely' : 'certain', at }] : [];
  });
}

/** How sure a story must be where the hub itself gave the status: then it is one of the status's own codes. */
const fromHub = 0.85;

/** A status and a story: where the story is known and fits the status, the code says more than the status. */
function toldWithin(
  { status, at, end, inWords }: StatusMention,
  { text, meanings, terms, domain }: Context,
): Finding | undefined {
  if (domain.points < (inWords ? 1 : 2)) return undefined;
  const ofHub = !inWords && isHubs(text, at, end);
  const [best] = fitting(
    { meanings: [...meanings, refused], terms, domain },
    (label) => inWords || (label.length === 6 && label.startsWith(status)),
  );
  const enough = inWords ? 0.5 : ofHub ? fromHub : best?.recognised === true ? 0.9 : 0.97;
  if (!best || best.assurance < enough) return undefined;
  if (!inWords && !best.recognised && domain.points < 3) return undefined;
  if (labelOf(best.subject)?.length === 3) {
    // The model says whose server it is; the words say what is asked about it.
    const page = status === '500' ? pageOf500(text, meanings) : findSubject(status);
    return page && { subject: page, how: 'status', confidence: 'likely', at: undefined };
  }
  return { subject: best.subject, how: 'symptom', confidence: 'likely', at: undefined };
}

/** The page that sets two statuses side by side, such as `http-500-vs-502`. */
function comparisonOf(a: string, b: string): Subject | undefined {
  return findSubject(`http-${a}-vs-${b}`) ?? findSubject(`http-${b}-vs-${a}`);
}

/** HTTP 500 has a page for each question about it; where the words of the question decide nothing, its symptoms do. */
function pageOf500(text: string, meanings: readonly Meaning[]): Subject | undefined {
  const asked = aspectOf500(text);
  if (asked) return asked;
  const [best] = topicsFor(meanings, (id) => /^http-500(?!-vs)/.test(id));
  return best && best.matched > 2 ? best.subject : findSubject('500');
}

/** The families of the statuses, for those who meant one. */
export function ofStatusFamilies(statuses: readonly StatusMention[]): readonly Finding[] {
  return statuses.flatMap(({ status, at }): Finding[] => {
    const subject = findSubject(`${status}xxx`);
    return subject ? [{ subject, how: 'status', confidence: 'possible', at }] : [];
  });
}
