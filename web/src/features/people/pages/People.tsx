// Finding people by the start of their name or username.

import { Search, UserRoundX } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api";
import { useTranslation } from "../../../i18n";
import { useDebounced } from "../../../lib/useDebounced";
import { inputClass } from "../../../ui/Field";
import { Blank, Failed } from "../../../ui/states";
import { Suggestions } from "../../discovery/parts/Suggestions";
import { AccountBones } from "../parts/AccountList";
import { AccountRow } from "../parts/AccountRow";
import { FollowPerson } from "../parts/FollowPerson";

export default function People() {
  const { t } = useTranslation("people");
  const [text, setText] = useState("");
  const [q, setQ] = useDebounced("");
  return (
    <div className="mx-auto max-w-[630px] md:px-6 md:pt-6">
      <title>{t("findTitle")}</title>
      <h1 className="px-4 pt-4 pb-3 font-semibold text-lg">{t("find")}</h1>
      <div className="relative mx-4">
        <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-ink-faint" />
        <input
          ref={focusAtDesk}
          type="search"
          aria-label={t("search")}
          placeholder={t("placeholder")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={100}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setQ(event.target.value.trim().replace(/^@/, "").toLowerCase());
          }}
          className={`${inputClass} min-h-11 pl-10`}
        />
      </div>
      <Found q={text.trim() ? q : ""} />
    </div>
  );
}

/** Ready to type, where that does not bring up a keyboard over the page. */
function focusAtDesk(input: HTMLInputElement | null) {
  if (window.matchMedia("(pointer: fine)").matches) input?.focus({ preventScroll: true });
}

function Found({ q }: { q: string }) {
  const { t } = useTranslation(["people", "discovery"]);
  const {
    data: people,
    currentData,
    error,
    refetch,
    isFetching,
  } = api.useLookupUsersQuery({ q, limit: 20 }, { skip: !q });
  if (!q) {
    const who = (
      <Blank icon={<Search />} title={t("who")}>
        {t("whoAbout")}
      </Blank>
    );
    return (
      <div className="py-4">
        <Suggestions
          most={50}
          title={<h2 className="px-4 font-semibold text-base">{t("discovery:suggestions.title")}</h2>}
          otherwise={who}
        />
      </div>
    );
  }
  if (error) return <Failed error={error} onRetry={refetch} title={t("failed")} />;
  if (!people) return <AccountBones />;
  return (
    <div aria-busy={isFetching}>
      <p role="status" className="sr-only">
        {currentData ? t("found", { count: currentData.data.length }) : ""}
      </p>
      {people.data.length > 0 ? (
        <ul className="py-3">
          {people.data.map((account) => (
            <li key={account.user_id}>
              <AccountRow account={account} act={<FollowPerson person={account} />} />
            </li>
          ))}
        </ul>
      ) : (
        currentData && (
          <Blank icon={<UserRoundX />} title={t("nobody", { q })}>
            {t("nobodyAbout")}
          </Blank>
        )
      )}
    </div>
  );
}
