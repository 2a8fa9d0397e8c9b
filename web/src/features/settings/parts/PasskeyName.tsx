// Another name for a passkey.

import type { FormEvent } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { PasskeyInfo } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { TextField } from "../../../ui/Field";
import { Problem } from "../../session/parts/Problem";

export function PasskeyName({ passkey, onClose }: { passkey: PasskeyInfo; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const [rename, { error, isLoading }] = api.useRenamePasskeyMutation();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    const { error: refused } = await rename({ passkeyId: passkey.passkey_id, body: { name } });
    if (!refused) onClose();
  };
  return (
    <Dialog low title={t("passkeys.rename")} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4 p-5">
        {error && !fieldError(error, "name") && <Problem>{friendly(error)}</Problem>}
        <TextField
          label={t("passkeys.name")}
          name="name"
          defaultValue={passkey.name}
          required
          maxLength={60}
          problem={fieldError(error, "name")}
        />
        <Button type="submit" busy={isLoading} className="justify-self-end">
          {t("passkeys.save")}
        </Button>
      </form>
    </Dialog>
  );
}
