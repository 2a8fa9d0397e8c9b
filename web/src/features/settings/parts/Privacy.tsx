// Who sees one's posts, and what is kept of what one looks at.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import { Loading } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";

export function Privacy() {
  const { me } = useSession();
  const [save] = api.useUpdateMeMutation();
  if (!me) return <Loading />;
  return (
    <div className="grid max-w-[520px] gap-6">
      <Switch
        name="Private account"
        checked={me.is_private}
        onChange={(is_private) => save({ body: { is_private } })}
        about={
          <>
            Only people you accept see your posts.{" "}
            {me.is_private ? (
              <>
                They are waiting under{" "}
                <Link to="/requests" className="text-ink underline underline-offset-2">
                  follow requests
                </Link>
                ; when you go public, all of them are accepted.
              </>
            ) : (
              "Those who follow you now stay."
            )}
          </>
        }
      />
      <Switch
        name="Record what I look at"
        checked={me.preferences?.impressions !== false}
        onChange={(impressions) => save({ body: { preferences: { impressions } } })}
        about="Which posts and profiles you look at and for how long, to put first in your feed what you care for. Nobody else sees it. Once this is off nothing more is recorded, and which posts you saw is forgotten within 30 days."
      />
    </div>
  );
}

type Props = { name: string; about: ReactNode; checked: boolean; onChange: (checked: boolean) => void };

function Switch({ name, about, checked, onChange }: Props) {
  const id = name.toLowerCase().replaceAll(" ", "-");
  return (
    <div className="flex gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4.5 shrink-0"
      />
      <div>
        <label htmlFor={id} className="block font-medium">
          {name}
        </label>
        <p id={`${id}-about`} className="text-ink-faint">
          {about}
        </p>
      </div>
    </div>
  );
}
