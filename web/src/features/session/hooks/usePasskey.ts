// Showing a passkey: what the server asks goes to the device, and its answer back. The library comes when it is needed.
import { useState } from "react";
import { api } from "../../../api";

type Asked = Parameters<typeof import("@simplewebauthn/browser").startAuthentication>[0]["optionsJSON"];

export function usePasskey() {
  const [start] = api.useStartPasskeyLoginMutation();
  const [finish] = api.useFinishPasskeyLoginMutation();
  const [busy, setBusy] = useState(false);
  /** `device`: it showed no passkey, or was told not to. */
  const [problem, setProblem] = useState<unknown>();

  const show = async (challenge?: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const asked = await start({ body: challenge ? { challenge } : {} }).unwrap();
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const shown = await startAuthentication({ optionsJSON: asked.options as unknown as Asked }).catch(
        () => undefined,
      );
      if (!shown) setProblem("device");
      else {
        const credential = shown as unknown as Record<string, unknown>;
        await finish({ body: { challenge: asked.challenge, credential, session: "cookie" } }).unwrap();
      }
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return { show, busy, problem };
}
