// Who follows a person, or whom they follow.

import { ArrowLeft, Lock, Users } from "lucide-react";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import { accountsOf } from "../../../api/lists";
import type { Account } from "../../../api/types";
import { NotFound } from "../../../app/NotFound";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Confirm } from "../../../ui/Confirm";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";
import { FollowPerson } from "../../people/parts/FollowPerson";
import { useSession } from "../../session/hooks/useSession";

export default function PeopleList({ list }: { list: "followers" | "following" }) {
  const { t } = useTranslation("profile");
  const { handle = "" } = useParams();
  const userId = handle.toLowerCase();
  const named = userId.startsWith("@");
  const followers = api.useFollowersInfiniteQuery({ userId }, { skip: !named || list !== "followers" });
  const followed = api.useFollowedInfiniteQuery({ userId }, { skip: !named || list !== "following" });
  const { me } = useSession();
  const shown = list === "followers" ? followers : followed;
  if (!named || (isApiError(shown.error) && shown.error.status === 404)) return <NotFound />;
  const own = me !== undefined && userId === `@${me.username}`;
  const hidden = isApiError(shown.error) && shown.error.status === 403;
  return (
    <div className="mx-auto max-w-[630px] md:px-6 md:pt-6">
      <title>{t(`list.${list}Of`, { name: handle })}</title>
      <div className="flex items-center gap-2 px-2 py-2">
        <Link
          to={`/${handle}`}
          aria-label={t("list.back", { name: handle })}
          className="grid size-10 place-items-center rounded-full hover:bg-sunken"
        >
          <ArrowLeft className="size-5" aria-hidden="true" />
        </Link>
        <div className="min-w-0">
          <h1 className="font-semibold text-base">{t(`list.${list}`)}</h1>
          <p className="truncate text-ink-faint">{handle}</p>
        </div>
      </div>
      {hidden ? (
        <Blank icon={<Lock />} title={t("closed")}>
          {t("closedList", { name: handle.slice(1) })}
        </Blank>
      ) : (
        <AccountList
          list={shown}
          accounts={accountsOf(shown.currentData)}
          act={(person) =>
            own && list === "followers" ? <Remove account={person} /> : <FollowPerson person={person} />
          }
          empty={<Blank icon={<Users />} title={t(list === "followers" ? "list.noFollowers" : "list.noFollowing")} />}
        />
      )}
    </div>
  );
}

function Remove({ account: { user_id: userId, username } }: { account: Account }) {
  const { t } = useTranslation("profile");
  const [asking, setAsking] = useState(false);
  const [remove, { isLoading }] = api.useRemoveFollowerMutation();
  return (
    <>
      <Button
        look="quiet"
        busy={isLoading}
        aria-label={t("removeWhom", { name: username })}
        onClick={() => setAsking(true)}
      >
        {t("remove")}
      </Button>
      {asking && (
        <Confirm
          title={t("removeAsk", { name: username })}
          act={t("remove")}
          onAct={() => remove({ userId })}
          onClose={() => setAsking(false)}
        >
          {t("removeAbout")}
        </Confirm>
      )}
    </>
  );
}
