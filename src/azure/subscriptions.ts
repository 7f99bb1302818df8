import * as z from 'zod';
import { OperationalError } from '../failure/operational-error.ts';
import { parseHubId } from '../hubs/hub.ts';
import { armReader, type ArmReader } from './arm.ts';
import { tickBudget, type Budget } from './budget.ts';
import type { AzureConnection } from './connection.ts';
import { malformed } from './failures.ts';

const listSchema = z.object({
  value: z.array(z.object({ subscriptionId: z.guid(), state: z.string().nullish() })),
  nextLink: z.string().nullish(),
});
const graphSchema = z.object({ data: z.array(z.unknown()) });
const graphRow = z.object({ subscriptionId: z.guid().optional(), id: z.string().optional() });

/** A tenant has some thousand subscriptions at most, and a page holds hundreds. */
const maxPages = 50;
const list = 'the list of subscriptions';

/**
 * Every enabled subscription that the identity can read, or, where it may not list them, those in which Resource Graph
 * shows it an IoT hub.
 * @throws {OperationalError} as `HubInventory.listHubs`, or `azure.malformed`
 */
export async function listSubscriptions(
  connection: AzureConnection,
  budget: Budget = tickBudget,
): Promise<readonly string[]> {
  const arm = armReader(connection, budget);
  try {
    const ids = await enabledOnes(arm);
    if (ids.length > 0) return ids;
  } catch (error) {
    if (!(error instanceof OperationalError) || error.retryable) throw error;
  }
  return withHubs(arm);
}

async function enabledOnes(arm: ArmReader): Promise<readonly string[]> {
  const ids: string[] = [];
  let next: string | null | undefined = '/subscriptions?api-version=2022-12-01';
  for (let page = 0; typeof next === 'string'; page++) {
    if (page === maxPages) throw malformed(list, 'it has no end');
    const answer: z.ZodSafeParseResult<z.infer<typeof listSchema>> = listSchema.safeParse(await arm.get(next, list));
    if (!answer.success) throw malformed(list);
    for (const { subscriptionId, state } of answer.data.value)
      if ((state ?? 'Enabled') === 'Enabled') ids.push(subscriptionId.toLowerCase());
    next = answer.data.nextLink;
  }
  return ids;
}

async function withHubs(arm: ArmReader): Promise<readonly string[]> {
  const what = 'the list of IoT hubs in Resource Graph';
  const query = "resources | where type =~ 'microsoft.devices/iothubs' | distinct subscriptionId";
  const answer = graphSchema.safeParse(
    await arm.post('/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', { query }, what),
  );
  if (!answer.success) throw malformed(what);
  const ids = answer.data.data.flatMap((item) => {
    const row = graphRow.safeParse(item);
    const { subscriptionId, id } = row.success ? row.data : {};
    return subscriptionId?.toLowerCase() ?? parseHubId(id ?? '')?.subscriptionId ?? [];
  });
  return [...new Set(ids)];
}
