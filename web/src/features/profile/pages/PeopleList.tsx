// Who follows a person, or whom they follow.
import { ArrowLeft, Users } from "lucide-react";
import { Link, useParams } from "react-router";
import { api } from "../../../api";
import { isApiError } from "../../../api/errors";
import { accountsOf } from "../../../api/lists";
import { NotFound } from "../../../app/NotFound";
import { Blank } from "../../../ui/states";
import { AccountList } from "../../people/parts/AccountList";

export default function PeopleList({ list }: { list: "followers" | "following" }) {
  const { handle = "" } = useParams();
  const userId = handle.toLowerCase();
  const named = userId.startsWith("@");
  const followers = api.useFollowersInfiniteQuery({ userId }, { skip: !named || list !== "followers" });
  const followed = api.useFollowedInfiniteQuery({ userId }, { skip: !named || list !== "following" });
  const shown = list === "followers" ? followers : followed;
  if (!named || (isApiError(shown.error) && shown.error.status === 404)) return <NotFound />;
  const title = list === "followers" ? "Followers" : "Following";
  return (
    <div className="mx-auto max-w-[630px] md:px-6 md:pt-6">
      <title>{`${title} of ${handle} · Tintype`}</title>
      <div className="flex items-center gap-2 px-2 py-2">
        <Link
          to={`/${handle}`}
          aria-label={`Back to ${handle}`}
          className="grid size-10 place-items-center rounded-full hover:bg-sunken"
        >
          <ArrowLeft className="size-5" aria-hidden="true" />
        </Link>
        <div className="min-w-0">
          <h1 className="font-semibold text-base">{title}</h1>
          <p className="truncate text-ink-faint">{handle}</p>
        </div>
      </div>
      <AccountList
        list={shown}
        accounts={accountsOf(shown.currentData)}
        empty={<Blank icon={<Users />} title={list === "followers" ? "No followers yet" : "Follows nobody yet"} />}
      />
    </div>
  );
}
