import type { IExecuteAction, ISubmitAction } from '@microsoft/teams.cards';
import * as z from 'zod';

/**
 * What a button sends back. It comes from a client, so it is no more trusted than typed text: it names things, and the
 * names are looked up.
 */
const payload = z.discriminatedUnion('verb', [
  z.object({ verb: z.enum(['acknowledge', 'silence', 'resolve', 'show']), incident: z.string().max(20) }),
  z.object({ verb: z.literal('explain'), code: z.string().max(40), lang: z.string().max(10).optional() }),
  z.object({
    verb: z.literal('members'),
    incident: z.string().max(20),
    page: z.int().min(0).max(10_000).optional(),
  }),
  z.object({ verb: z.literal('why'), incident: z.string().max(20) }),
  z.object({
    verb: z.literal('list'),
    what: z.enum(['incidents', 'status', 'help']),
    page: z.int().min(0).max(10_000).optional(),
  }),
]);
export type CardAction = z.infer<typeof payload>;

/** The action in a button's data, or `undefined` if it is none of ours. */
export function parseCardAction(verb: unknown, data: unknown): CardAction | undefined {
  const merged =
    typeof data === 'object' && data !== null
      ? { ...data, ...(typeof verb === 'string' && verb !== '' ? { verb } : {}) }
      : { verb };
  const parsed = payload.safeParse(merged);
  return parsed.success ? parsed.data : undefined;
}

/** A button that works in clients with and without Universal Actions. */
export function button(title: string, action: CardAction, more: Partial<IExecuteAction> = {}): IExecuteAction {
  const { verb, ...data } = action;
  const fallback: ISubmitAction = { type: 'Action.Submit', title, data: { verb, ...data } };
  return { type: 'Action.Execute', title, verb, data, fallback, ...more };
}
