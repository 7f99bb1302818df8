import { isLoopback } from '../config/loopback.ts';

/** What is wrong with the address of a stand-in: nothing is sent to one that is not on this machine. */
export function standInFault(url: string): string | undefined {
  return isLoopback(url)
    ? undefined
    : `--standin must be an address on this machine such as http://127.0.0.1:4010, not "${url}"`;
}
