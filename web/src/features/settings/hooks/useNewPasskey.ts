// Making a passkey on this device: what the server asks goes to it, and its answer back.
import { useState } from "react";
import { api } from "../../../api";

type Asked = Parameters<typeof import("@simplewebauthn/browser").startRegistration>[0]["optionsJSON"];

export function useNewPasskey() {
  const [start] = api.useStartPasskeyMutation();
  const [add] = api.useAddPasskeyMutation();
  const [busy, setBusy] = useState(false);
  /** `device`: it made none, or was told not to. */
  const [problem, setProblem] = useState<unknown>();

  const make = async (given: { password?: string }, name: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const asked = await start({ body: given }).unwrap();
      const { startRegistration } = await import("@simplewebauthn/browser");
      const made = await startRegistration({ optionsJSON: asked.options as unknown as Asked }).catch(() => undefined);
      if (made) {
        const credential = made as unknown as Record<string, unknown>;
        return await add({ body: { challenge: asked.challenge, credential, name } }).unwrap();
      }
      setProblem("device");
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
    return undefined;
  };
  return { make, busy, problem };
}
