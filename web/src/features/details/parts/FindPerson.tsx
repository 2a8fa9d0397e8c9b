// Somebody to tag, by the start of a name.

import { useState } from "react";
import { api } from "../../../api";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { useDebounced } from "../../../lib/useDebounced";
import { Avatar } from "../../../ui/Avatar";
import { TextField } from "../../../ui/Field";

export function FindPerson({
  input,
  onChoose,
}: {
  input: React.Ref<HTMLInputElement>;
  onChoose: (a: Account) => void;
}) {
  const { t } = useTranslation("details");
  const [text, setText] = useState("");
  const [q, setQ] = useDebounced("");
  const { currentData } = api.useLookupUsersQuery({ q, limit: 5 }, { skip: !q });
  const found = text && q ? currentData?.data : undefined;
  const choose = (account: Account) => {
    onChoose(account);
    setText("");
    setQ("");
  };
  return (
    <div className="grid gap-1">
      <TextField
        ref={input}
        label={t("findPerson")}
        type="search"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={100}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setQ(event.target.value.trim().replace(/^@/, "").toLowerCase());
        }}
        onKeyDown={(event) => {
          const [first] = found ?? [];
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          if (first) choose(first);
        }}
      />
      {found && (
        <ul aria-label={t("found")} className="rounded-m p-1 frame-line">
          {found.map((account) => (
            <li key={account.user_id}>
              <button
                type="button"
                onClick={() => choose(account)}
                className="flex w-full items-center gap-2.5 rounded-s px-2 py-1.5 text-left hover:bg-sunken"
              >
                <Avatar user={account} size={32} />
                <span className="min-w-0">
                  <span className="block truncate font-semibold">{account.username}</span>
                  <span className="block truncate text-ink-soft text-xs" dir="auto">
                    {account.full_name}
                  </span>
                </span>
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="px-2 py-1.5 text-ink-faint">{t("nobodyFound")}</li>}
        </ul>
      )}
    </div>
  );
}
