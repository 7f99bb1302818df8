import type { ScenarioHub } from './scenario.ts';

interface Make {
  readonly sdk: string;
  readonly protocol: string;
}

/** The SDK over MQTT whose connection ends at every renewal of the token. */
export const dotnet: Make = {
  sdk: 'Microsoft.Azure.Devices.Client/1.42.3 (.NET 8.0.11; Linux; X64)',
  protocol: 'Mqtt',
};
const makes: readonly Make[] = [
  dotnet,
  { sdk: 'azure-iot-device/1.18.3 (node v20.18.0; Linux; arm64)', protocol: 'Mqtt' },
  { sdk: 'azure-iot-device-iothub-py/2.14.0 (3.11.9; Linux; aarch64)', protocol: 'Mqtt' },
  { sdk: 'iothubclient/1.11.0 (native; FreeRTOS)', protocol: 'Mqtt' },
  { sdk: 'com.microsoft.azure.sdk.iot.iot-device-client/2.5.0 (JRE 17)', protocol: 'Amqp' },
  { sdk: 'azsdk-c/1.5.0 (embedded)', protocol: 'Mqtt' },
];

/** What the log says about one device of a hub; a device is the same in all records. */
export function deviceProperties(hub: ScenarioHub, index: number, make?: Make): Readonly<Record<string, string>> {
  // Neighbours differ; 7919 is a prime, so it has nothing in common with the number of makes.
  const own = make ?? makes[(index * 7919 + hub.index) % makes.length] ?? dotnet;
  return {
    deviceId: `${hub.name}-${String(index + 1).padStart(4, '0')}`,
    protocol: own.protocol,
    sdkVersion: own.sdk,
    authType: '{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}',
    maskedIpAddress: `198.51.${index % 256}.XXX`,
  };
}
