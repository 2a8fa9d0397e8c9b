// Who asks to follow, and letting them or not.

import { UserRoundCheck } from "lucide-react";
import { Link } from "react-router";
import { api } from "../../../api";
import { accountsOf } from "../../../api/lists";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { Blank } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";
import { useRequests } from "../hooks/useRequests";
import { AccountList } from "../parts/AccountList";

export default function Requests() {
  const { t } = useTranslation("people");
  const { me } = useSession();
  const list = useRequests();
  return (
    <div className="mx-auto max-w-[630px] md:px-6 md:pt-6">
      <title>{t("requests.pageTitle")}</title>
      <h1 className="px-4 pt-4 pb-1 font-semibold text-lg">{t("requests.title")}</h1>
      {me?.is_private ? (
        <AccountList
          list={list}
          accounts={accountsOf(list.currentData)}
          act={(account) => <Answer account={account} />}
          empty={
            <Blank icon={<UserRoundCheck />} title={t("requests.none")}>
              {t("requests.noneAbout")}
            </Blank>
          }
        />
      ) : (
        <Blank
          icon={<UserRoundCheck />}
          title={t("requests.public")}
          act={
            <Link to="/settings/privacy" className={buttonClass("quiet")}>
              {t("requests.settings")}
            </Link>
          }
        >
          {t("requests.publicAbout")}
        </Blank>
      )}
    </div>
  );
}

function Answer({ account }: { account: Account }) {
  const { t } = useTranslation("people");
  const [accept, accepting] = api.useAcceptFollowRequestMutation();
  const [decline, declining] = api.useDeclineFollowRequestMutation();
  const busy = accepting.isLoading || declining.isLoading;
  const { user_id: userId, username } = account;
  return (
    <span className="flex gap-2 max-sm:w-full max-sm:pb-2 max-sm:pl-[4.5rem]">
      <Button disabled={busy} onClick={() => accept({ userId })} aria-label={t("acceptWhom", { name: username })}>
        {t("accept")}
      </Button>
      <Button
        look="quiet"
        disabled={busy}
        onClick={() => decline({ userId })}
        aria-label={t("declineWhom", { name: username })}
      >
        {t("decline")}
      </Button>
    </span>
  );
}
