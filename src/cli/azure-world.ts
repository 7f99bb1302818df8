import { readHubHistory } from '../app/hub-history.ts';
import { azureConnection, standInConnection } from '../azure/connection.ts';
import { azureReaders } from '../azure/readers.ts';
import { RecordingFault } from '../backtest/read-recording.ts';
import type { BacktestWorld } from './backtest.ts';
import { standInFault } from './stand-in.ts';

/** Hubs of every subscription that the signed-in identity, or the stand-in, lists. */
export const azureWorld: BacktestWorld = {
  now: async (standin) => {
    if (standin === undefined) return Date.now();
    checked(standin);
    // A simulator lives in a time of its own, and says so with every answer.
    try {
      const answer = await fetch(standin, { method: 'HEAD' });
      const at = Date.parse(answer.headers.get('date') ?? '');
      return Number.isNaN(at) ? Date.now() : at;
    } catch {
      throw new RecordingFault(`nobody answers at ${standin}: start the stand-in, such as with npm start`);
    }
  },
  historyFrom: (standin) => async (name, from, to) => {
    if (standin !== undefined) checked(standin);
    const connection = standin === undefined ? await azureConnection() : standInConnection(standin);
    const azure = azureReaders(connection, { kind: 'off' });
    const listed = await Promise.all((await azure.listSubscriptions()).map((id) => azure.inventory.listHubs(id)));
    const hub = listed.flat().find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!hub)
      throw new RecordingFault(
        `no hub named ${name} is listed by ${standin ?? 'Azure'}: check the name and the role Reader`,
      );
    return readHubHistory(azure, hub, { from, to }, to);
  },
};

/** @throws {RecordingFault} if the stand-in is not on this machine */
function checked(standin: string): void {
  const fault = standInFault(standin);
  if (fault !== undefined) throw new RecordingFault(fault);
}
