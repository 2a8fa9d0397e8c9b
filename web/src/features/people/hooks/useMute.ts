// Muting an account, which can be taken back, and unmuting it.

import { api } from "../../../api";
import type { Account } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { t } from "../../../i18n";
import { showToast } from "../../../ui/toasts";

export function useMute({ user_id: userId, username }: Account) {
  const [mute] = api.useMuteMutation();
  const [unmute] = api.useUnmuteMutation();
  const dispatch = useAppDispatch();
  return {
    mute: async () => {
      const { error } = await mute({ userId });
      const undo = { kind: "unmute" as const, id: userId };
      if (!error) dispatch(showToast({ text: t("people:muted", { name: username }), seconds: 12, undo }));
    },
    unmute: () => unmute({ userId }),
  };
}
